import { lazy, type ComponentType } from 'react';
import { loadApartTexts } from '../texts/i18n.js';

/** A page of the admin part: loaded with the texts and styles that only these pages need. */
const page = (load: () => Promise<ComponentType>): ComponentType =>
  lazy(async () => {
    const [Page] = await Promise.all([load(), loadApartTexts('admin'), import('./styles.js')]);
    return { default: Page };
  });

export const ADMIN_PAGES: readonly (readonly [path: string, page: ComponentType])[] = [
  ['/agreements', page(async () => (await import('./agreements/AgreementsPage.js')).AgreementsPage)],
  ['/agreements/:agreementId', page(async () => (await import('./agreements/AgreementPage.js')).AgreementPage)],
  ['/agreements/:agreementId/draft', page(async () => (await import('./agreements/DraftPage.js')).DraftPage)],
  ['/oversight', page(async () => (await import('./oversight/OversightPage.js')).OversightPage)],
  ['/register', page(async () => (await import('./oversight/RegisterPage.js')).RegisterPage)],
  ['/log', page(async () => (await import('./log/LogPage.js')).LogPage)],
  ['/deliveries', page(async () => (await import('./deliveries/DeliveriesPage.js')).DeliveriesPage)],
  ['/partners', page(async () => (await import('./partners/PartnersPage.js')).PartnersPage)],
  ['/partners/new', page(async () => (await import('./partners/NewPartnerPage.js')).NewPartnerPage)],
  ['/partners/:partnerId', page(async () => (await import('./partners/PartnerPage.js')).PartnerPage)],
  ['/figures', page(async () => (await import('./figures/FiguresPage.js')).FiguresPage)],
  ['/mapping', page(async () => (await import('./mapping/MappingPage.js')).MappingPage)],
];
