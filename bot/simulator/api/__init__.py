"""The part of api.weixin.qq.com that the desk calls."""
