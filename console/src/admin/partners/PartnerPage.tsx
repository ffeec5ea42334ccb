import { Alert, Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { partner as partnerQuery, type Partner } from '../../api/partner-queries.js';
import { Failure } from '../../kit/Failure.js';
import { Loading } from '../../kit/Loading.js';
import { PageTitle } from '../../kit/PageTitle.js';
import { paths } from '../../paths.js';
import { Link, useParams } from '../../router.js';
import { currentLang } from '../../texts/i18n.js';
import { Said } from '../parts/Said.js';
import { ContactSection } from './ContactSection.js';
import { EndpointSection } from './EndpointSection.js';
import { EndpointTest } from './EndpointTest.js';
import { KeysSection } from './KeysSection.js';
import { Onboarding } from './Onboarding.js';
import { Standing, Whose } from './PartnersPage.js';
import { Suspension } from './Suspension.js';

/** One partner: what is set up, whether it answers, its keys or its contact, and the switch. */
export function PartnerPage(): ReactElement {
  const { t } = useTranslation('admin');
  const { partnerId = '' } = useParams();
  const found = useQuery(partnerQuery(partnerId, currentLang()));
  return (
    <Stack gap="lg" maw="56rem">
      <Anchor component={Link} to={paths.partners}>
        {t('partners.back')}
      </Anchor>
      {found.isPending && <Loading />}
      {found.isError && <Failure error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && <Shown partner={found.data} />}
    </Stack>
  );
}

function Shown({ partner }: { readonly partner: Partner }): ReactElement {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const [said, setSaid] = useState({ text: '', at: 0 });
  const onChanged = async (after: Partner, text?: string): Promise<void> => {
    client.setQueryData(partnerQuery(partner.id, currentLang()).queryKey, after);
    await Promise.all(['partners', 'deliveries'].map((key) => client.invalidateQueries({ queryKey: [key] })));
    if (text !== undefined) setSaid(({ at }) => ({ text, at: at + 1 }));
  };
  return (
    <Stack gap="xl">
      <Stack gap="xs">
        <PageTitle windowTitle={t('partners.title')}>{partner.name}</PageTitle>
        <Group gap="sm">
          <Text c="dimmed">
            <Whose partner={partner} />
          </Text>
          <Standing partner={partner} />
        </Group>
        {partner.guest && <Text>{t('partners.guestWhat')}</Text>}
      </Stack>
      <Said at={said.at}>{said.at === 0 ? null : said.text}</Said>
      {partner.status === 'suspended' && (
        <Alert color="red" variant="light">
          {t(partner.guest ? 'suspension.ofGuest.is' : 'suspension.is')}
        </Alert>
      )}
      <Onboarding steps={partner.steps} />
      <EndpointTest partner={partner} onChanged={onChanged} />
      {partner.contact === null ? (
        <>
          <EndpointSection partner={partner} onChanged={onChanged} />
          <KeysSection partner={partner} onChanged={onChanged} />
        </>
      ) : (
        <ContactSection partner={partner} contact={partner.contact} onChanged={onChanged} />
      )}
      <Suspension partner={partner} onChanged={onChanged} />
    </Stack>
  );
}
