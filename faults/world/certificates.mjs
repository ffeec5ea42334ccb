// Certificates of the partner's secure door, made anew for each run by what the tests of the door use.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

const SOURCE = new URL('../../test/adapters/delivery/certificates.ts', import.meta.url);
const DAY_MS = 86_400_000;

/** PEM: the authority that gateways are told to trust, and what the door shows: good, expired, for another host. */
export async function makeCertificates() {
  const { outputText } = ts.transpileModule(readFileSync(SOURCE, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  const { makeCertificate } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  const authority = makeCertificate({ commonName: 'Fault run authority', hosts: [] });
  const issuer = { commonName: 'Fault run authority', key: authority.key };
  return {
    authority: authority.cert,
    good: makeCertificate({ commonName: 'partner', hosts: ['localhost'], issuer }),
    expired: makeCertificate({
      commonName: 'partner',
      hosts: ['localhost'],
      notAfter: new Date(Date.now() - DAY_MS),
      issuer,
    }),
    elsewhere: makeCertificate({ commonName: 'partner', hosts: ['elsewhere.example'], issuer }),
  };
}
