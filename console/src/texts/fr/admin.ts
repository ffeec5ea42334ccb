import { agreements } from './admin-agreements.js';
import { oversight } from './admin-oversight.js';
import { words } from './admin-words.js';

export const admin = { ...words, ...agreements, ...oversight };
