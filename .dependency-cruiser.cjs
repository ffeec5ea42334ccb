/** The layers of docs/architecture.md: kernel ← domain ← transfer, intake ← {adapters, http} ← compose, main, cli, demo. */
const only = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: to },
});
const owner = (library, folder) => ({
  name: `${library.replace(/\W+/g, '-')}-lives-in-one-place`,
  severity: 'error',
  from: { path: '^src/', pathNot: folder },
  to: { path: `node_modules/${library}/`, dependencyTypesNot: ['type-only', 'npm-no-pkg'] },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('kernel-stands-alone', '^src/kernel/', '^src/kernel/'),
    only('domain-is-pure', '^src/domain/', '^src/(kernel|domain)/'),
    only('transfer-knows-the-domain', '^src/transfer/', '^src/(kernel|domain|transfer)/'),
    only('intake-knows-the-domain', '^src/intake/', '^src/(kernel|domain|transfer|intake)/'),
    ...['store', 'queue', 'delivery', 'mail', 'identity', 'hmis', 'mapping', 'labels'].map((name) =>
      only(
        `adapter-${name}-knows-no-other`,
        `^src/adapters/${name}/`,
        `^src/(kernel|domain|transfer|intake|config)|^src/adapters/${name}/`,
      ),
    ),
    only('http-knows-no-adapter', '^src/http/', '^src/(kernel|domain|transfer|intake|http|config)'),
    only('partners-know-nothing-of-relais', '^src/demo/partners/', '^src/demo/partners/'),
    {
      name: 'domain-does-no-io',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: '^src/domain/fhir/' },
      to: { dependencyTypes: ['core'], path: '^(node:)?(fs|http|https|net|tls|child_process|dns|worker_threads)' },
    },
    {
      name: 'residue-goes-home-only',
      comment:
        'What was kept aside is put back for the organization that sent it; no path of a transfer may reach this.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/transfer/get-case-bundle[.]ts$' },
      to: { path: '^src/domain/mapping/residue/restore-resources[.]ts$' },
    },
    owner('pg', '^src/adapters/(store|queue)/'),
    owner('bullmq', '^src/adapters/queue/'),
    owner('redis', '^src/adapters/queue/'),
    owner('express', '^src/(http|demo)/'),
    owner('(openid-client|oidc-provider)', '^src/adapters/identity/'),
    owner('nodemailer', '^src/adapters/mail/'),
    owner('jose', '^src/(adapters/identity|demo)/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
      mainFields: ['module', 'main'],
    },
  },
};
