import type { ComponentType } from 'react';
import type { RouteObject } from 'react-router';
import { loadTexts } from '../texts/i18n.js';

/** A page of the admin part: loaded with the texts that only these pages need. */
const page = (load: () => Promise<ComponentType>) => async () => {
  const [Component] = await Promise.all([load(), loadTexts('admin')]);
  return { Component };
};

export const adminRoutes: RouteObject[] = [
  { path: 'agreements', lazy: page(async () => (await import('./agreements/AgreementsPage.js')).AgreementsPage) },
  {
    path: 'agreements/:agreementId',
    lazy: page(async () => (await import('./agreements/AgreementPage.js')).AgreementPage),
  },
  {
    path: 'agreements/:agreementId/draft',
    lazy: page(async () => (await import('./agreements/DraftPage.js')).DraftPage),
  },
  { path: 'oversight', lazy: page(async () => (await import('./oversight/OversightPage.js')).OversightPage) },
  { path: 'register', lazy: page(async () => (await import('./oversight/RegisterPage.js')).RegisterPage) },
  { path: 'log', lazy: page(async () => (await import('./log/LogPage.js')).LogPage) },
  { path: 'deliveries', lazy: page(async () => (await import('./deliveries/DeliveriesPage.js')).DeliveriesPage) },
  { path: 'figures', lazy: page(async () => (await import('./figures/FiguresPage.js')).FiguresPage) },
  { path: 'mapping', lazy: page(async () => (await import('./mapping/MappingPage.js')).MappingPage) },
];
