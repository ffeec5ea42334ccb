/** JSON in and out without loss: see json/read.ts and json/write.ts. */
export { readJson, type JsonLimits } from './json/read.js';
export { writeJson } from './json/write.js';
export { isJsonObject, JsonNumber, type JsonObject, type JsonValue } from './json/value.js';
