"""The simulated Weibo: private messages of 粉丝服务, and what is said in public."""
