import { finding } from './finding.js';
import { shell } from './shell.js';

export const en = { ...shell, ...finding };
