import { Stack } from '@mantine/core';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from '../router.js';
import { call } from '../api/call.js';
import { EmptyState } from '../kit/EmptyState.js';
import { Failure } from '../kit/Failure.js';
import { LinkButton } from '../kit/LinkButton.js';
import { Loading } from '../kit/Loading.js';
import { PageTitle } from '../kit/PageTitle.js';
import { paths } from '../paths.js';
import { takeLaunch } from '../shell/pending-launch.js';

/**
 * Where the agency's software leads: `/console/open#<signed link>`. The signed part is in the fragment, so that no
 * server's log holds it; it is checked once, and taken out of the address at once.
 */
export function OpenPage(): ReactElement {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>(null);
  const [missing, setMissing] = useState(false);
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    const launch = takeLaunch();
    history.replaceState(history.state, '', location.pathname);
    if (launch === '') return setMissing(true);
    call<{ caseId: string }>('POST', '/api/v1/launches', { body: { launch } }).then(
      ({ caseId }) => navigate(paths.case(caseId), { replace: true }),
      setError,
    );
  }, [navigate]);
  return (
    <Stack gap="lg">
      <PageTitle windowTitle={t('open.title')}>{t('open.title')}</PageTitle>
      {error === null && !missing && <Loading lines={3} />}
      {error !== null && <Failure error={error} />}
      {missing && (
        <EmptyState title={t('open.missing')} what={t('open.missingWhat')}>
          <LinkButton to={paths.find}>{t('worklist.findPerson')}</LinkButton>
        </EmptyState>
      )}
      {error !== null && (
        <LinkButton to={paths.find} variant="default">
          {t('worklist.findPerson')}
        </LinkButton>
      )}
    </Stack>
  );
}
