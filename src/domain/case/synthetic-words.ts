/** Invented words for synthetic cases: no name, number or place of a real person. */
export const FAMILY_NAMES = [
  'Lefèvre',
  "D'Almeida",
  'Nguyễn',
  'Okonjo',
  'Saint-Aubin',
  "O'Connell",
  'Bélanger',
  'Haddad',
  'Kowalska',
  'Traoré',
  'Whitfield',
  'Müller',
  'Çelik',
  'Fernández-Ruiz',
  'حداد',
  'بن يوسف',
  'Ødegaard',
  'Le Goff',
  'Ashworth',
  'Rakotomalala',
];
export const GIVEN_NAMES = [
  'Élodie',
  'Noël',
  'Anne-Françoise',
  'Zoë',
  'Ibrahim',
  'مريم',
  'يوسف',
  'Siobhán',
  'Grace',
  'Jérôme',
  'Łukasz',
  'Fatoumata',
  'Harriet',
  'Théo',
  'Inès',
  'Óscar',
  'Aïcha',
  'William',
  "N'Golo",
  'Chloé',
];
export const STREETS = [
  'rue des Tanneurs',
  'allée des Érables',
  "quai de l'Écluse",
  'Mill Lane',
  'avenue du Marché',
  'cour Saint-Éloi',
];
export const CITIES = ['Valmont', 'Saint-Aubin', 'Pont-l’Écu', 'Northbridge', 'Les Épinettes'];
export const LANGUAGES = ['fr', 'en', 'ar', 'pt', 'tr', 'uk', 'ln', 'fa-AF'];
export const ORGANIZATIONS = [
  'CCAS de Valmont',
  'Maison des solidarités',
  'Northbridge Family Services',
  'Espace Écoute',
];
export const FUNCTIONS = [
  'Assistante de service social',
  'Éducateur spécialisé',
  'Housing support worker',
  'Conseillère ESF',
];
export const SENTENCES = [
  'La personne se présente à l’heure et demande où en est sa demande de logement.',
  'Elle explique que le propriétaire refuse de réparer le chauffage depuis l’hiver dernier.',
  'We went through the letters that had not been opened; two were urgent.',
  'Le dossier est complet, hormis l’attestation d’assurance.',
  'Il préfère être joint le matin ; l’après-midi, il est en formation.',
  'She would like her daughter to stay in the same school.',
  'Un rendez-vous est pris avec le service instructeur la semaine prochaine.',
  'L’aide alimentaire est reconduite pour un mois.',
  'He says that the payment arrived late again and that the bank charged him for it.',
  'Point fait sur le budget : le reste à vivre est inférieur à 6 € par jour.',
  'Une visite du logement « rue des Tanneurs » est prévue ; l’ascenseur est en panne.',
  'The landlord agreed to wait until the end of the month.',
];
export const COURTS = ['Tribunal judiciaire de Valmont', 'Northbridge County Court'];
export const AUTHORITIES = [
  'Caisse d’allocations familiales',
  'Département de Valmont',
  'Benefits Office of Northbridge',
];
export const SUBSTANCES = ['Pénicilline', 'Arachide', 'Latex', 'Ibuprofen'];
export const OCCUPATIONS = ['Agent d’entretien', 'Care assistant', 'Cariste', 'Cuisinière', 'Étudiant'];
export const PETS = ['Biscuit', 'Ficelle', 'Mr. Socks', 'Réglisse'];
