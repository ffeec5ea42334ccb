import { Alert, Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { transfer } from '../api/queries.js';
import { lastQuestion } from '../follow/last-question.js';
import { paths } from '../paths.js';
import { Link } from '../router.js';
import type { Follows } from './use-draft.js';

/** The question that is being answered, in the words of who asked it. */
export function AskedFor({ follows: { id, reference } }: { readonly follows: Follows }): ReactElement {
  const { t } = useTranslation();
  const query = useQuery(transfer(id));
  const words = query.data === undefined ? null : lastQuestion(query.data).words;
  return (
    <Alert color="relais" variant="light" title={t('thread.title')}>
      <Text dir="auto" className="said message">
        {words ?? t('thread.noWords')}
      </Text>
      <Anchor component={Link} to={paths.transfer(id)}>
        {t('thread.follows', { reference })}
      </Anchor>
    </Alert>
  );
}
