import { z } from 'zod';
import { entity, labelled, list, must, needed, type ValueOf } from './define.js';
import * as care from './schema-care.js';
import * as means from './schema-means.js';
import * as others from './schema-others.js';
import * as person from './schema-person.js';
import * as stays from './schema-stays.js';
import * as work from './schema-work.js';

/** Case model v1: what an agency says of one person, in the agency's own words and keys (docs/case-model.md). */
export const caseModel = entity('case', 'One person’s case as the agency conveys it.', {
  schemaVersion: must(labelled(z.literal(1), 'identity')),
  person: needed(person.person),
  communication: person.communication,
  addresses: list(person.address, 30),
  telecoms: list(person.telecom, 30),
  representation: others.representation,
  household: others.household,
  relatives: list(others.relative, 40),
  professionals: list(others.professional, 60),
  caseFile: work.caseFile,
  interventions: list(work.intervention, 2000),
  needs: list(work.need, 200),
  goals: list(work.goal, 200),
  plan: work.plan,
  referrals: list(work.referral, 200),
  programmes: list(stays.programme, 200),
  stays: list(stays.stay, 200),
  exits: list(stays.exit, 200),
  services: list(stays.service, 2000),
  assessments: list(stays.assessment, 200),
  screenings: list(stays.screening, 5000),
  rights: means.rights,
  housing: means.housing,
  income: means.income,
  health: care.health,
  documents: list(others.document, 200),
  safety: care.safety,
  workingNotes: list(work.workingNote, 500),
});

/** One case, valid by `parseCase`. Nothing in it was changed: numbers and the order of members are as they came. */
export type Case = ValueOf<typeof caseModel>;
export type CaseOf<Name extends keyof Case> = NonNullable<Case[Name]>;
