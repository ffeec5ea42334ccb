import { z } from 'zod';
import type { Lang } from '../../kernel/i18n.js';
import type { PartnerId } from '../../kernel/ids.js';
import { OWN_ISSUER } from '../../transfer/identity-ports.js';
import type { OperatedPartner } from '../../transfer/operate-partners.js';
import { operation, type Reply, type ResponseRule } from '../route.js';
import {
  contactExample,
  endpointExample,
  endpointOf,
  guestContact,
  keysOf,
  kindOf,
  newPartner,
  partnerEndpoint,
  partnerExample,
  partnerKeys,
  partnerView,
  presentPartner,
} from '../schemas/partner.js';
import { EXAMPLE, jsonBody, NO_CONTENT, uuidParam } from '../schemas/parts.js';

const shown = (en: string, fr: string): ResponseRule => ({
  description: { en, fr },
  schema: partnerView,
  example: partnerExample,
});
const reply = (status: number, partner: OperatedPartner, lang: Lang): Reply => ({
  status,
  body: presentPartner(partner, lang),
});
const params = uuidParam<PartnerId>();

export const listPartners = operation({
  group: 'operation',
  id: 'listPartners',
  summary: { en: 'Partners, with what each still lacks', fr: 'Les partenaires, et ce qui manque à chacun' },
  responses: {
    200: {
      description: {
        en: 'Addresses, names of keys and states; no record, no person',
        fr: 'Adresses, noms de clés et états ; aucun dossier, aucune personne',
      },
      schema: z.strictObject({ partners: z.array(partnerView) }).meta({ id: 'Partners' }),
      example: { partners: [partnerExample] },
    },
  },
  handle: async ({ principal, lang }, { story }) => ({
    status: 200,
    body: { partners: (await story.listPartners(principal)).map((partner) => presentPartner(partner, lang)) },
  }),
});

export const showPartner = operation({
  group: 'operation',
  id: 'showPartner',
  summary: { en: 'A partner', fr: 'Un partenaire' },
  params,
  responses: { 200: shown('The partner', 'Le partenaire') },
  handle: async ({ principal, params: { id }, lang }, { story }) =>
    reply(200, await story.getPartner(principal, id), lang),
});

export const registerPartner = operation({
  group: 'operation',
  id: 'registerPartner',
  summary: { en: 'Register a partner', fr: 'Enregistrer un partenaire' },
  description: {
    en: 'The system of an organization, or, with `guest`, one that has none: it is told by mail and reads by a link and a code. The organization too where it is new. 422 names every member that breaks a rule; 409 when the client id is taken, or when the organization of a guest receives already.',
    fr: 'Le système d’un organisme ou, avec `guest`, un organisme qui n’en a pas : il est prévenu par courriel et lit par un lien et un code. L’organisme aussi s’il est nouveau. 422 désigne chaque membre qui enfreint une règle ; 409 si l’identifiant de client est pris, ou si l’organisme d’un invité reçoit déjà.',
  },
  body: jsonBody(newPartner, {
    organizationId: EXAMPLE.recipient,
    name: 'Toit Commun · system',
    clientId: 'toit-commun',
    scopes: ['system/Task.ru'],
    keys: { jwksUri: 'https://auth.toit-commun.example/jwks' },
    endpoint: endpointExample,
  }),
  responses: { 201: shown('Registered', 'Enregistré') },
  handle: async ({ principal, body, lang }, { story }) => {
    const kind = kindOf(body);
    if ('guest' in kind) return reply(201, await story.registerGuest(principal, kind), lang);
    const { keys, endpoint, name, clientId, scopes } = kind.system;
    const made = await story.registerPartner(principal, {
      organization: kind.organization,
      name,
      clientId,
      scopes,
      issuer: OWN_ISSUER,
      ...keysOf(keys),
      ...(endpoint !== undefined && { endpoint: endpointOf(endpoint) }),
    });
    return reply(201, made, lang);
  },
});

export const putPartnerEndpoint = operation({
  group: 'operation',
  id: 'putPartnerEndpoint',
  summary: { en: 'Say where a partner is reached', fr: 'Indiquer où joindre un partenaire' },
  description: {
    en: 'From the next delivery on, what waits included. Test it afterwards: a test of another address does not count.',
    fr: 'Dès le prochain envoi, ce qui attend compris. Testez ensuite : le test d’une autre adresse ne compte pas.',
  },
  params,
  body: jsonBody(partnerEndpoint, endpointExample),
  responses: { 200: shown('The partner', 'Le partenaire') },
  handle: async ({ principal, params: { id }, body, lang, requestId }, { story }) =>
    reply(200, await story.putPartnerEndpoint(principal, id, endpointOf(body), requestId), lang),
});

export const putPartnerContact = operation({
  group: 'operation',
  id: 'putPartnerContact',
  summary: { en: 'Say how a guest is reached', fr: 'Indiquer comment joindre un invité' },
  description: {
    en: 'From the next notice on, and for every code that is told from now on. What has been announced is not announced again. Test it afterwards: a test of another address does not count. 422 for a partner that has a system.',
    fr: 'Dès le prochain avis, et pour tout code donné à partir de maintenant. Ce qui a été annoncé ne l’est pas une seconde fois. Testez ensuite : le test d’une autre adresse ne compte pas. 422 pour un partenaire qui a un système.',
  },
  params,
  body: jsonBody(guestContact, contactExample),
  responses: { 200: shown('The partner', 'Le partenaire') },
  handle: async ({ principal, params: { id }, body, lang, requestId }, { story }) =>
    reply(200, await story.putPartnerContact(principal, id, body, requestId), lang),
});

const MOST_HOURS = 30 * 24;
const replacement = z
  .strictObject({
    keys: partnerKeys,
    formerEndInHours: z.number().min(0).max(MOST_HOURS).meta({
      description: 'How long the keys before these still count; 0: not any more (they were stolen).',
    }),
  })
  .meta({ id: 'KeyReplacement' });

export const replacePartnerKeys = operation({
  group: 'operation',
  id: 'replacePartnerKeys',
  summary: { en: 'Replace a partner’s keys', fr: 'Remplacer les clés d’un partenaire' },
  description: {
    en: 'The new ones count at once, the former ones until they end. An access token that was given under the former keys lives on for its few minutes: suspend the partner to cut that too.',
    fr: 'Les nouvelles comptent immédiatement, les anciennes jusqu’à leur fin. Un jeton d’accès donné sous les anciennes clés vit encore ses quelques minutes : suspendez le partenaire pour couper cela aussi.',
  },
  params,
  body: jsonBody(replacement, { keys: { jwksUri: 'https://auth.toit-commun.example/jwks' }, formerEndInHours: 24 }),
  responses: { 200: shown('The partner', 'Le partenaire') },
  handle: async ({ principal, params: { id }, body, lang, requestId }, { story }) =>
    reply(
      200,
      await story.replacePartnerKeys(
        principal,
        id,
        { keys: keysOf(body.keys), formerSeconds: body.formerEndInHours * 3600 },
        requestId,
      ),
      lang,
    ),
});

export const testPartner = operation({
  group: 'operation',
  id: 'testPartner',
  summary: { en: 'Test how a partner is reached', fr: 'Tester comment un partenaire est joint' },
  description: {
    en: 'Begins a test and answers at once: address, name, connection, token, keys, the system’s description of itself; of a guest: mail server, connection, and a mail that says that it is a test. Nothing of any record or person leaves. Its steps come in `lastTest` of the partner, one by one. 409 while another runs.',
    fr: 'Commence un test et répond aussitôt : adresse, nom, connexion, jeton, clés, description du système par lui-même ; pour un invité : serveur de courriel, connexion, et un courriel qui dit être un essai. Rien d’aucun dossier ni d’aucune personne ne part. Les étapes arrivent une à une dans `lastTest` du partenaire. 409 tant qu’un autre est en cours.',
  },
  params,
  body: NO_CONTENT,
  responses: { 202: shown('Begun', 'Commencé') },
  handle: async ({ principal, params: { id }, lang, requestId }, { story }) =>
    reply(202, await story.testPartner(principal, id, requestId), lang),
});

export const suspendPartner = operation({
  group: 'operation',
  id: 'suspendPartner',
  summary: { en: 'Suspend a partner', fr: 'Suspendre un partenaire' },
  description: {
    en: 'At once and on all processes: its next call is refused though its token still lives, nothing more begins to leave to it, new requests for it are refused, and what waits for it waits.',
    fr: 'Immédiatement et sur tous les processus : son prochain appel est refusé même si son jeton vit encore, plus rien ne commence à partir vers lui, les nouvelles demandes sont refusées et ce qui attend attend.',
  },
  params,
  body: NO_CONTENT,
  responses: { 200: shown('Suspended', 'Suspendu') },
  handle: async ({ principal, params: { id }, lang, requestId }, { story }) =>
    reply(200, await story.turnPartner(principal, id, 'suspended', requestId), lang),
});

export const resumePartner = operation({
  group: 'operation',
  id: 'resumePartner',
  summary: { en: 'Lift a partner’s suspension', fr: 'Lever la suspension d’un partenaire' },
  description: {
    en: 'Its calls are answered again, and what waited begins to leave, each decided again; unless an operator had stopped its deliveries before.',
    fr: 'Ses appels aboutissent de nouveau et ce qui attendait commence à partir, après une nouvelle décision pour chacun ; sauf si un exploitant avait déjà arrêté ses envois.',
  },
  params,
  body: NO_CONTENT,
  responses: { 200: shown('Active again', 'De nouveau actif') },
  handle: async ({ principal, params: { id }, lang, requestId }, { story }) =>
    reply(200, await story.turnPartner(principal, id, 'active', requestId), lang),
});
