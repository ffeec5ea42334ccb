/**
 * The closed lists of codes of case model v1. A code that says more than its field (a stay in a shelter for victims of
 * violence, a need of kind `addiction`) carries further labels: domain/labels/code-labels.ts.
 */ export * from './codes-people.js';
export * from './codes-work.js';
export * from './codes-means.js';
export * from './codes-care.js';
export * from './codes-stays.js';
export * from './codes-screening.js';
