/** JSON in and out without loss: see json/read.ts and json/write.ts. */
export { readJson } from './json/read.js';
export { writeJson } from './json/write.js';
export { isJsonObject, JsonNumber, type JsonObject, type JsonValue } from './json/value.js';
