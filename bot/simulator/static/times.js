// Times as WeChat writes them.

const DAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];
const DAY_MS = 86_400_000;

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

export function clockTime(date) {
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}

export function dividerTime(iso, now = new Date()) {
  const date = new Date(iso);
  const days = Math.round((midnight(now) - midnight(date)) / DAY_MS);
  if (days <= 0) return clockTime(date);
  if (days === 1) return `昨天 ${clockTime(date)}`;
  if (days < 7) return `${DAYS[date.getDay()]} ${clockTime(date)}`;
  return `${date.getFullYear()}年${date.getMonth() + 1}月${date.getDate()}日 ${clockTime(date)}`;
}

export function listTime(iso, now = new Date()) {
  const date = new Date(iso);
  const days = Math.round((midnight(now) - midnight(date)) / DAY_MS);
  if (days <= 0) return clockTime(date);
  if (days === 1) return "昨天";
  return days < 7 ? DAYS[date.getDay()] : `${date.getMonth() + 1}月${date.getDate()}日`;
}

export function remaining(iso) {
  const seconds = Math.max(0, Math.floor((new Date(iso) - Date.now()) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
