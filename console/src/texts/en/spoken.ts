/** What is read aloud, or printed, in the person's language: that need not be the page's, so it is loaded by itself. */
export const spoken = {
  aloud: {
    ask: 'We would like to pass information about you on to {{organization}}, for {{purpose}}.',
    askAnother:
      'We would like to pass information about the person for whom you decide on to {{organization}}, for {{purpose}}.',
    what: 'This would be: {{list}}.',
    atMost: 'At most this would be: {{list}}. You say which of these.',
    until: 'Your yes would last until {{date}}.',
    untilOpen: 'You also say until when.',
    free: 'You may say no. It costs you no other service.',
    withdraw: 'If you say yes, you can take it back at any time; from then on nothing more leaves.',
  },
  receipt: {
    title: 'Information about you was passed on',
    lead: '{{organization}} passed on what is listed here, and nothing else.',
    number: 'Number',
    to: 'To whom',
    on: 'On',
    why: 'Why',
    what: 'What',
    answerBy: 'They should answer by',
    rights: 'What you can do',
    withdraw: 'Take back your yes: tell {{organization}}. From then on nothing more leaves.',
    report: 'Ask for the list of everything that was passed on about you. It is free.',
    wrong: 'Say that something is wrong, or object. A person answers you.',
  },
} as const;
