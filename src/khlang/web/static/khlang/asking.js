// Who this page belongs to, and what every request of its scripts carries.
export const user = () => document.body.dataset.user || "";
const csrf = () => /(?:^|; )(?:csrftoken|__Host-khlang-csrf)=([^;]+)/.exec(document.cookie)?.[1] || "";
export const headers = (more = {}) => ({ "X-Requested-With": "fetch", "X-CSRFToken": csrf(), ...more });
