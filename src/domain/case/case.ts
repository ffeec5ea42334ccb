export type { Case, CaseOf } from './schema.js';
