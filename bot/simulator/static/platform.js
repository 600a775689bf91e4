// Which platform this page plays: each has a page of its own, with addresses of its own.

export const { platform: PLATFORM, control: CONTROL, page: PAGE } = document.body.dataset;
export const IS_WEIBO = PLATFORM === "weibo";

// What citizens call the office's account there.
export const ACCOUNT = IS_WEIBO ? "微博" : "公众号";
