// Words and choices of the measured case (shape.mjs); no name or number of a real person.
export const SENTENCES = [
  'Loyer impayé depuis trois mois ; la personne a demandé un échéancier et attend une réponse du bailleur.',
  'Elle explique que le propriétaire refuse de réparer le chauffage depuis l’hiver dernier.',
  'We went through the letters that had not been opened; two were urgent, and both are answered.',
  'Un rendez-vous est pris avec le service instructeur la semaine prochaine, à 9 h 30, bureau 12.',
  'Point fait sur le budget : le reste à vivre est inférieur à 6 € par jour et par personne.',
  'The landlord agreed to wait until the end of the month; the agreement is to be put in writing.',
  'L’aide alimentaire est reconduite pour un mois ; l’attestation « CAF » manque encore au dossier.',
];
export const FAMILIES = ['Lefèvre', "D'Almeida", 'Okonjo', 'Saint-Aubin', 'Haddad', 'Kowalska', 'Traoré'];
export const GIVEN = ['Élodie', 'Noël', 'Ibrahim', 'Siobhán', 'Grace', 'Łukasz', 'Fatoumata', 'Zoë'];

export const pick = (list, n) => list[n % list.length];
export const two = (n) => String(n).padStart(2, '0');
export const day = (year, n) => `${year}-${two(1 + (n % 12))}-${two(1 + (n % 28))}`;
/** Some are there and some are not: a member of the object, or nothing. */
export const some = (condition, member) => (condition ? member : {});
