import type { Text } from '../kernel/i18n.js';
import type { ProbeCause } from '../transfer/partner-ports.js';

/** What a step of an endpoint's test found, and what to do about it, for an operator. */
export const PROBE_TEXTS: Readonly<Record<ProbeCause, Text>> = {
  'address-not-allowed': {
    en: 'The address is not one that Relais may connect to: https, a public name, no private network. Ask the partner for its public address and register that.',
    fr: 'Relais ne peut pas se connecter à cette adresse : il faut https, un nom public, aucun réseau privé. Demandez au partenaire son adresse publique et enregistrez-la.',
  },
  'name-unknown': {
    en: 'No name server knows this host. Check the spelling; if it is right, the partner has not published the name yet.',
    fr: 'Aucun serveur de noms ne connaît cet hôte. Vérifiez l’orthographe ; si elle est juste, le partenaire n’a pas encore publié ce nom.',
  },
  unreachable: {
    en: 'Nobody answers at this address. Ask the partner whether the system runs and whether its firewall lets Relais in.',
    fr: 'Personne ne répond à cette adresse. Demandez au partenaire si le système est en marche et si son pare-feu laisse passer Relais.',
  },
  'secure-connection-failed': {
    en: 'The secure connection failed: the certificate is expired, belongs to another name or is not signed by a known authority, or TLS is older than 1.2. The partner must mend it; Relais makes no exception.',
    fr: 'La connexion sécurisée a échoué : certificat expiré, établi pour un autre nom ou non signé par une autorité connue, ou TLS antérieur à 1.2. Le partenaire doit y remédier ; Relais ne fait pas d’exception.',
  },
  'not-encrypted': {
    en: 'The connection stands, without encryption. Only a demonstration allows this.',
    fr: 'La connexion est établie, sans chiffrement. Seule une démonstration l’autorise.',
  },
  'connection-lost': {
    en: 'The connection broke in the middle. Try again; if it stays so, ask the partner what stands between (a proxy, a firewall).',
    fr: 'La connexion a été coupée en cours de route. Réessayez ; si cela persiste, demandez au partenaire ce qui se trouve entre les deux (proxy, pare-feu).',
  },
  'no-answer-in-time': {
    en: 'No answer within a few seconds. Try again; if it stays so, ask the partner whether the system is overloaded or closed to Relais.',
    fr: 'Pas de réponse en quelques secondes. Réessayez ; si cela persiste, demandez au partenaire si le système est saturé ou fermé à Relais.',
  },
  'token-unavailable': {
    en: 'The token address gives no token and no reason: it is down, or it is another address. Ask the partner for the token address of its authorization server.',
    fr: 'L’adresse des jetons ne donne ni jeton ni raison : elle est en panne, ou ce n’est pas la bonne. Demandez au partenaire l’adresse des jetons de son serveur d’autorisation.',
  },
  'token-client-unknown': {
    en: 'The partner’s authorization server does not know this client id, or not Relais’ key. Give the partner the client id and the address of Relais’ public keys: …/oauth/jwks.',
    fr: 'Le serveur d’autorisation du partenaire ne connaît pas cet identifiant de client, ou pas la clé de Relais. Transmettez au partenaire l’identifiant et l’adresse des clés publiques de Relais : …/oauth/jwks.',
  },
  'token-scope-refused': {
    en: 'The partner does not grant the scope that is registered. Ask which scope lets Relais submit, and register that.',
    fr: 'Le partenaire n’accorde pas la portée (scope) enregistrée. Demandez laquelle permet à Relais de déposer, et enregistrez-la.',
  },
  'token-refused': {
    en: 'The partner’s authorization server refuses a token. Its administrator finds the reason in its log.',
    fr: 'Le serveur d’autorisation du partenaire refuse de donner un jeton. Son administration en trouvera la raison dans son journal.',
  },
  'keys-unreadable': {
    en: 'No usable public key can be read at the partner’s key address, so its own calls to Relais will be refused. Ask for the address of its JSON Web Key Set.',
    fr: 'Aucune clé publique utilisable à l’adresse des clés du partenaire : ses propres appels à Relais seront refusés. Demandez l’adresse de son JSON Web Key Set.',
  },
  redirected: {
    en: 'The system points to another address, which Relais does not follow. Ask whether that is the right one, and register it.',
    fr: 'Le système renvoie vers une autre adresse, que Relais ne suit pas. Demandez si c’est la bonne, et enregistrez-la.',
  },
  'token-not-accepted': {
    en: 'The system does not accept the token that its own authorization server gave. The partner must make the two agree (issuer, audience, keys).',
    fr: 'Le système n’accepte pas le jeton donné par son propre serveur d’autorisation. Le partenaire doit accorder les deux (émetteur, audience, clés).',
  },
  'not-permitted': {
    en: 'The system knows Relais and does not let it in. Its administrator must give Relais’ client the right to submit records.',
    fr: 'Le système connaît Relais et ne le laisse pas entrer. Son administration doit donner au client de Relais le droit de déposer des dossiers.',
  },
  'no-description': {
    en: 'The system answers and does not describe itself (no CapabilityStatement at …/metadata). That is allowed; only the first delivery will show that the address is the right one.',
    fr: 'Le système répond mais ne se décrit pas (pas de CapabilityStatement à …/metadata). C’est permis ; seul le premier envoi montrera que l’adresse est la bonne.',
  },
  'other-version': {
    en: 'The system speaks another version of FHIR; Relais sends R4 (4.0). Ask the partner for its R4 address.',
    fr: 'Le système parle une autre version de FHIR ; Relais envoie du R4 (4.0). Demandez au partenaire son adresse R4.',
  },
  'no-transaction': {
    en: 'The system speaks FHIR R4 and does not say that it takes transactions. Ask the partner whether it does before the first record is sent.',
    fr: 'Le système parle FHIR R4 mais ne dit pas accepter les transactions. Demandez-le au partenaire avant le premier envoi.',
  },
  'answer-not-understood': {
    en: 'Something answers that is not a FHIR server: a web page, perhaps, or a proxy. Check the address; it is the base, without /metadata.',
    fr: 'Ce qui répond n’est pas un serveur FHIR : une page web, peut-être, ou un proxy. Vérifiez l’adresse ; c’est la base, sans /metadata.',
  },
  'answer-too-large': {
    en: 'The answer is too large to be read. Check that the address is that of a FHIR server.',
    fr: 'La réponse est trop volumineuse pour être lue. Vérifiez que l’adresse est bien celle d’un serveur FHIR.',
  },
  'partner-busy': {
    en: 'The system is busy or closed for maintenance. Try again later.',
    fr: 'Le système est saturé ou en maintenance. Réessayez plus tard.',
  },
  'partner-error': {
    en: 'The system reports an error of its own. Its administrator finds it in its log.',
    fr: 'Le système signale une erreur interne. Son administration la trouvera dans son journal.',
  },
  'question-refused': {
    en: 'The partner is registered as one that can be asked whether it has a record, and does not answer that question (Task?identifier=…). It must allow the search, or be registered as one that cannot be asked.',
    fr: 'Le partenaire est enregistré comme pouvant dire s’il a reçu un dossier, et ne répond pas à cette question (Task?identifier=…). Il doit autoriser la recherche, ou être enregistré comme ne pouvant pas être interrogé.',
  },
  'mail-not-set-up': {
    en: 'No mail server is set up for Relais, so no notice can leave. Whoever runs the server sets RELAIS_SMTP_URL and RELAIS_MAIL_FROM and starts it again; what waits leaves by itself then.',
    fr: 'Aucun serveur de courriel n’est configuré pour Relais : aucun avis ne peut partir. Qui gère le serveur renseigne RELAIS_SMTP_URL et RELAIS_MAIL_FROM et le redémarre ; ce qui attend partira alors tout seul.',
  },
  'mail-name-unknown': {
    en: 'No name server knows the mail server’s name. Check its spelling in RELAIS_SMTP_URL.',
    fr: 'Aucun serveur de noms ne connaît ce serveur de courriel. Vérifiez l’orthographe dans RELAIS_SMTP_URL.',
  },
  'mail-unreachable': {
    en: 'The mail server does not answer at its address. Check name and port in RELAIS_SMTP_URL, whether it runs, and whether a firewall stands between.',
    fr: 'Le serveur de courriel ne répond pas à son adresse. Vérifiez le nom et le port dans RELAIS_SMTP_URL, qu’il est en marche et qu’aucun pare-feu ne fait obstacle.',
  },
  'mail-not-encrypted': {
    en: 'No secure connection to the mail server: it offers none, or its certificate is expired, not signed by a known authority or of another name. Its administrator must mend it; Relais sends no notice in the clear.',
    fr: 'Pas de connexion sécurisée au serveur de courriel : il n’en propose pas, ou son certificat est expiré, non signé par une autorité connue ou établi pour un autre nom. Son administration doit y remédier ; Relais n’envoie aucun avis en clair.',
  },
  'mail-turned-away': {
    en: 'The mail server answers and turns Relais away before it says anything. Ask its administrator to let this server in.',
    fr: 'Le serveur de courriel répond mais éconduit Relais d’emblée. Demandez à son administration de laisser entrer ce serveur.',
  },
  'mail-login-refused': {
    en: 'The mail server refuses the login. Check user and password in RELAIS_SMTP_URL.',
    fr: 'Le serveur de courriel refuse la connexion au compte. Vérifiez l’utilisateur et le mot de passe dans RELAIS_SMTP_URL.',
  },
  'mail-no-answer': {
    en: 'The mail server did not answer in time. Try again; if it stays so, ask its administrator.',
    fr: 'Le serveur de courriel n’a pas répondu à temps. Réessayez ; si cela persiste, adressez-vous à son administration.',
  },
  'mail-sender-refused': {
    en: 'The mail server does not let Relais write under its sender’s address. Check RELAIS_MAIL_FROM, or have this sender allowed.',
    fr: 'Le serveur de courriel ne laisse pas Relais écrire sous son adresse d’expédition. Vérifiez RELAIS_MAIL_FROM, ou faites autoriser cette adresse.',
  },
  'mail-address-refused': {
    en: 'The mail server refuses this service’s address: it does not exist, or takes no mail from here. Ask the service for the right one and change the contact below.',
    fr: 'Le serveur de courriel refuse l’adresse de ce service : elle n’existe pas, ou n’accepte pas de courriel d’ici. Demandez la bonne au service et modifiez le contact ci-dessous.',
  },
  'mail-content-refused': {
    en: 'The mail server took the address and refused the mail itself, as unwanted perhaps. Its administrator finds the reason in its log.',
    fr: 'Le serveur de courriel a accepté l’adresse mais refusé le courriel lui-même, peut-être comme indésirable. Son administration en trouvera la raison dans son journal.',
  },
  'mail-later': {
    en: 'The mail server asks to come back later: it is busy, or looks at new senders twice. Try again in a few minutes; notices are tried again by themselves.',
    fr: 'Le serveur de courriel demande de revenir plus tard : il est saturé, ou examine deux fois les nouveaux expéditeurs. Réessayez dans quelques minutes ; les avis, eux, sont retentés d’eux-mêmes.',
  },
  'mail-connection-lost': {
    en: 'The connection to the mail server broke in the middle. Try again; if it stays so, ask its administrator.',
    fr: 'La connexion au serveur de courriel a été coupée en cours de route. Réessayez ; si cela persiste, adressez-vous à son administration.',
  },
};
