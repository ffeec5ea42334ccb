import { Card, SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Candidate } from '../api/views.js';
import { bornText } from '../kit/born-text.js';
import { LinkButton } from '../kit/LinkButton.js';
import { paths } from '../paths.js';
import { differences } from './differences.js';
import { InCommon } from './InCommon.js';

/** Who it may be, side by side, with what sets them apart standing out. A person confirms; nothing is ever merged. */
export function Candidates({ found }: { readonly found: readonly Candidate[] }): ReactElement {
  const { t } = useTranslation();
  const apart = differences(found);
  return (
    <Stack gap="md">
      <Text fw={600}>{t('find.found', { count: found.length })}</Text>
      {found.length > 1 && <Text c="dimmed">{t('find.compare')}</Text>}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {found.map((candidate) => (
          <Card key={candidate.caseId} withBorder padding="lg" component="article">
            <Stack gap="xs" h="100%">
              {candidate.names.map(({ given, family, kind }, index) => (
                <Text key={index} fw={index === 0 ? 650 : 400} size={index === 0 ? 'lg' : 'sm'} dir="auto">
                  {[...given, family].filter(Boolean).join(' ')}
                  {index > 0 && ` (${t(`find.nameKind.${kind}` as 'find.nameKind.used', { defaultValue: kind })})`}
                </Text>
              ))}
              <Text className={apart.birthDate ? 'apart' : undefined}>{bornText(t, candidate.birthDate)}</Text>
              <Text size="sm" c="dimmed">
                {t('find.file', { number: candidate.caseId })}
              </Text>
              <InCommon agrees={candidate.agrees} />
              <LinkButton
                to={paths.case(candidate.caseId)}
                mt="auto"
                fullWidth
                variant={found.length > 1 ? 'light' : 'filled'}
              >
                {t('find.itIs')}
              </LinkButton>
            </Stack>
          </Card>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
