import { z } from 'zod';
import { openOperation } from '../route.js';

/** The day on which the capabilities last changed; CapabilityStatement.date is required. */
const DATE = '2026-03-01';

/** FHIR capabilities (https://hl7.org/fhir/R4/http.html#capabilities): what the routes under /fhir can do. */
export const readCapabilities = openOperation({
  group: 'operation',
  id: 'readCapabilities',
  summary: { en: 'FHIR CapabilityStatement', fr: 'CapabilityStatement FHIR' },
  query: z.object({ mode: z.literal('full').optional() }),
  responses: {
    200: {
      description: { en: 'What the FHIR side can do', fr: 'Ce que sait faire la partie FHIR' },
      schema: z.looseObject({ resourceType: z.literal('CapabilityStatement'), fhirVersion: z.literal('4.0.1') }),
      mediaType: 'application/fhir+json',
    },
  },
  handle: (_call, { publicUrl }) => ({ status: 200, body: capabilityStatement(publicUrl) }),
});

function capabilityStatement(publicUrl: string): object {
  const interactions = (...codes: string[]): object[] => codes.map((code) => ({ code }));
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: DATE,
    kind: 'instance',
    software: { name: 'Relais' },
    implementation: { description: 'Relais gateway', url: `${publicUrl}/fhir` },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        security: {
          cors: false,
          service: [
            {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
                  code: 'SMART-on-FHIR',
                },
              ],
            },
          ],
          description: 'OAuth 2 client credentials with private_key_jwt (SMART Backend Services).',
        },
        resource: [
          {
            type: 'Consent',
            interaction: interactions('create', 'read', 'update', 'search-type'),
            versioning: 'versioned-update',
            readHistory: false,
            updateCreate: false,
            conditionalCreate: false,
            searchParam: [{ name: 'patient', type: 'reference' }],
          },
          {
            type: 'AuditEvent',
            interaction: interactions('search-type'),
            searchParam: [
              { name: 'patient', type: 'reference' },
              { name: 'entity', type: 'reference' },
              { name: 'date', type: 'date' },
            ],
          },
          {
            type: 'Provenance',
            interaction: interactions('search-type'),
            searchParam: [{ name: 'target', type: 'reference' }],
          },
          { type: 'Task', interaction: interactions('read', 'update'), updateCreate: false },
        ],
      },
    ],
  };
}
