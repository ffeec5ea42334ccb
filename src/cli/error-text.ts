import type { RelaisError } from '../kernel/errors.js';
import type { Lang } from '../kernel/i18n.js';

/**
 * French for the errors that a command line meets, by code. The English sentence may name a file or a line; it follows in
 * brackets, so that nothing of it is lost.
 */
const FRENCH: Readonly<Record<string, string>> = {
  'hmis.not-found': 'aucun dossier, aucune archive ni aucun fichier CSV à cet endroit',
  'hmis.duplicate-file': 'l’export contient deux fois le même fichier ; rien n’a été importé',
  'hmis.encoding': 'un fichier n’est pas en UTF-8 ; rien n’a été importé',
  'hmis.csv-broken': 'un fichier n’est pas un CSV bien formé (RFC 4180) ; rien n’a été importé',
  'hmis.zip-refused': 'l’archive a été refusée ; rien n’a été importé',
  'json.syntax': 'le document JSON n’est pas lisible',
  'json.unexpected-end': 'le document JSON s’arrête trop tôt',
  'json.trailing-text': 'du texte suit le document JSON',
  'json.duplicate-name': 'le document JSON donne deux fois le même nom dans un objet',
  'json.forbidden-name': 'le document JSON emploie un nom réservé',
  'json.too-deep': 'le document JSON est trop imbriqué',
  'json.not-utf8': 'le fichier n’est pas en UTF-8',
  'json.lone-surrogate': 'un texte du document JSON contient une moitié de caractère',
  'json.control-character': 'un texte du document JSON contient un caractère de contrôle',
  'cli.organization': 'il faut dire pour quel organisme, avec --organization',
  'cli.no-file': 'aucun fichier lisible à cet endroit',
  'cli.too-large': 'le fichier dépasse 64 Mo',
  'cli.findings-file': 'le fichier des constats ne peut pas être écrit',
  'cli.too-many-rows': 'c’est plus d’un dossier ; choisissez une personne avec --person',
  'cli.decide': 'la commande decide demande --consent et --residual, ou --replay',
  'cli.residual': 'la commande decide n’existe qu’avec --residual',
  'cli.time': 'l’instant de --at n’est ni une date ni un instant au sens de FHIR',
  'cli.base': 'l’adresse de --base n’est pas une URL http ou https',
  'cli.label': 'une étiquette n’existe pas',
  'cli.agreement': 'il faut l’identifiant d’une convention, et une version ou un fichier, pas les deux',
  'cli.number': 'une option attend un nombre entier dans ses bornes',
  'cli.draft': 'le projet de convention ne respecte pas le schéma',
  'cli.format': '--format vaut csv ou json',
  'evidence.key': 'aucune clé publique dans ce fichier',
  'evidence.content': 'le contenu est réservé à qui peut lire le dossier : donnez --session-file',
  'evidence.log-unsigned': 'le journal n’est pas encore signé ; réessayez sous peu',
  'case.invalid': 'le dossier enfreint des règles du modèle de dossier',
  'mapping.tables': 'ce ne sont pas des tables d’un export HMIS CSV',
  'mapping.no-bundle': 'ce n’est pas un Bundle FHIR',
  'mapping.several-persons': 'ce Bundle parle de plusieurs personnes',
  'mapping.too-large': 'ce Bundle est trop grand pour être lu en une fois',
  'mapping.too-deep': 'un élément a trop de niveaux',
  'mapping.not-built': 'les correspondances ne sont pas compilées ; lancez npm run build',
  'mapping.out-of-date': 'les correspondances compilées sont plus anciennes que leurs sources ; lancez npm run build',
  'cli.usage': 'la commande est incomplète',
  'import.file-changed': 'le fichier a changé pendant la lecture ; rien n’a été enregistré',
  'init.already-done': 'l’installation est déjà faite',
  'init.invalid': 'il faut un nom d’organisme et un identifiant d’administrateur',
  'config.invalid': 'la configuration n’est pas valable',
  'config.port': 'le port ne peut pas être utilisé',
  'store.unavailable': 'la base de données ne répond pas ; réessayez',
  'store.failed': 'la base de données a refusé une instruction',
  'store.unreadable': 'un enregistrement ne peut pas être déchiffré : la clé maîtresse est-elle la bonne ?',
  'audit.forked': 'le journal ne prolonge pas ce qui a été signé ; lancez relais audit verify',
  'audit.tree-incomplete': 'l’arbre du journal n’est pas complet ; lancez relais audit verify',
  'cli.not-a-checkpoint': 'ce fichier n’est pas un point de contrôle',
  'cli.cannot-write': 'le fichier ne peut pas être écrit',
  'embedded.failed': 'la base de données locale n’a pas démarré',
  'embedded.not-ours': 'une autre base de données occupe le dossier d’état',
  'migration.changed': 'une migration déjà appliquée a été modifiée',
  'migration.unknown': 'la base de données est plus récente que cette version de Relais',
};

/** The sentence to show; it never repeats content (kernel/errors). */
export function errorText({ code, message }: RelaisError, lang: Lang): string {
  const french = lang === 'fr' ? FRENCH[code] : undefined;
  return french === undefined ? message : `${french} [${code} : ${message}]`;
}
