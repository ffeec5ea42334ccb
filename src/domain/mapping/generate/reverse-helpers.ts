import { ELEMENTS_OF_ITEM, MAX_MEMBERS } from '../runtime.js';

/**
 * Functions that the way back carries with it, as text. `m` is what is known of a map (`name`, `label`, `policy`),
 * `path` where in the resource or record: neither holds content, and a member of a name that
 * nobody knows is told by `*`. `R` is given at load.
 *
 * Members are counted by `Object.keys`: a loop would be faster alone, and is copied into hundreds of callers, whose code
 * no longer fits what a processor keeps of it. What may be looked at of a bundle is counted by items of lists,
 * for what else a template knows is as much as it says; what it does not know is counted one by one.
 */
export const REVERSE_HELPERS = `function isObject(value) { return value !== null && typeof value === "object" && !Array.isArray(value); }
function spend(s, items) { if ((s.left -= ${ELEMENTS_OF_ITEM} * items) < 0) R.refuseSize(); }
function look(s, n) { if ((s.looks -= n) < 0) R.refuseSize(); }
function sizeOf(value) { return Object.keys(value).length; }
function hasAny(value) { for (const _ in value) return true; return false; }
function refuse(s, map, path) {
  const key = map + "|" + path;
  if (s.refusedKeys.has(key)) return;
  s.refusedKeys.add(key);
  s.refused.push({ map, path });
}
function keep(s, m, label, key, path, value, reason) {
  R.assertShallow(s, value);
  if (!isKept(s, m, label, path)) return;
  R.assertFew(s);
  s.residue.push({ map: m.name, key, path, value, label, reason });
}
function isKept(s, m, label, path) {
  if (m.policy === "error") R.refuseUnmapped(m.name, path);
  if (m.policy !== "report" && (s.no & label) === 0) return true;
  refuse(s, m.name, path);
  return false;
}
function strange(s, m, key, path, name, value) {
  R.assertShallow(s, value);
  if (value === undefined || !isKept(s, m, m.label, path + "*")) return;
  R.assertFew(s);
  s.residue.push({ map: m.name, key, path: path + name, value, label: m.label, reason: "foreign" });
}
function sweep(s, m, key, path, value, known) {
  const n = sizeOf(value);
  if (n > ${MAX_MEMBERS} || (s.left -= n) < 0) R.refuseSize();
  for (const k in value) if (!known.has(k)) strange(s, m, key, path, k, value[k]);
}
function foreign(s, m, key, path, value) { if (value !== undefined) keep(s, m, m.label, key, path, value, "foreign"); }
function stray(s, resource, index) {
  R.assertShallow(s, resource);
  if (s.no !== s.never) return refuse(s, "", "entry[" + index + "]");
  s.residue.push({ map: "", key: "", path: "entry[" + index + "]", value: resource, label: "unclassified", reason: "foreign" });
}
function conflict(s, map, key, path) { R.assertFew(s); s.conflicts.push({ map, key, path }); }
function placeOf(path, i, j, k) { const at = [i, j, k]; let n = 0; return path.replace(/\\*/g, () => at[n++]); }
function onlySystem(list) {
  if (!Array.isArray(list) || list.length !== 1 || !isObject(list[0])) return undefined;
  return typeof list[0].system === "string" ? list[0].system : "";
}
function merge(s, target, from, path, map, key) {
  for (const k in from) {
    const a = target[k], b = from[k];
    if (a === undefined) { target[k] = b; continue; }
    const at = path === "" ? k : path + "." + k;
    if (Array.isArray(a) && Array.isArray(b) && KEYS[at] !== undefined) {
      for (let i = 0; i < b.length; i++) addItem(s, a, KEYS[at], b[i], at, map, key);
    } else if (isObject(a) && isObject(b) && !R.isNumber(a)) merge(s, a, b, at, map, key);
    else if (a !== b && !R.same(a, b)) conflict(s, map, key, at);
  }
}
function addItem(s, list, name, item, path, map, key) {
  const own = item[name];
  if (own === undefined) return void list.push(item);
  const known = list.length < 8 ? withKey(list, name, own) : indexOf(s, list, name).get(own);
  if (known !== undefined) return merge(s, known, item, path + "[]", map, key);
  s.lists.get(list)?.set(own, item);
  list.push(item);
}
function withKey(list, name, own) {
  for (let i = 0; i < list.length; i++) if (list[i][name] === own) return list[i];
  return undefined;
}
function indexOf(s, list, name) {
  let index = s.lists.get(list);
  if (index === undefined) {
    index = new Map();
    for (let i = list.length - 1; i >= 0; i--) if (list[i][name] !== undefined) index.set(list[i][name], list[i]);
    s.lists.set(list, index);
  }
  return index;
}
function personIs(s, key) {
  if (s.person === undefined) s.person = key;
  else if (s.person !== key) R.refusePersons();
}
function referredPerson(s, reference, map) {
  if (reference === s.subject) return;
  const found = R.resolveReference(s, reference);
  if (found !== undefined && found.map === map) {
    personIs(s, found.key);
    s.subject = reference;
  }
  else if (s.stranger === undefined) s.stranger = reference;
  else if (s.stranger !== reference) R.refusePersons();
}`;
