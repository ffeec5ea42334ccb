import { agreements } from './admin-agreements.js';
import { words } from './admin-words.js';

export const admin = { ...words, ...agreements };
