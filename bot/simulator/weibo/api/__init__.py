"""The platform's API: m.api.weibo.com, api.weibo.com and upload.api.weibo.com in one place."""
