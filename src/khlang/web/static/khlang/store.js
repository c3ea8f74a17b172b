// What this computer keeps until the server has it: drafts and commands waiting to be sent, by user.
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("khlang", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("drafts", { keyPath: "id" });
      request.result.createObjectStore("outbox", { keyPath: "key" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function work(store, mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    // Strict: the promise is kept only when the disk has it, so that a killed browser loses at most half a second.
    const transaction = database.transaction(store, mode, { durability: "strict" });
    const request = act(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const put = (store, value) => work(store, "readwrite", (table) => table.put(value));
export const take = (store, key) => work(store, "readonly", (table) => table.get(key));
export const drop = (store, key) => work(store, "readwrite", (table) => table.delete(key));
export const everything = (store) => work(store, "readonly", (table) => table.getAll());

export async function waiting(user) {
  const [drafts, outbox] = await Promise.all([everything("drafts"), everything("outbox")]);
  return [...drafts, ...outbox].filter((item) => item.user === user).sort((a, b) => a.at - b.at);
}
