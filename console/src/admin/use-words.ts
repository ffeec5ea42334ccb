import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { organizations } from '../api/queries.js';
import { formatDate } from '../kit/format.js';
import type { Words } from './say.js';

/** Words of the page's language, with the names of the organizations that this gateway knows. */
export function useWords(): Words {
  const { t, i18n } = useTranslation('admin');
  const { data: known } = useQuery(organizations);
  return useMemo(() => {
    const names = new Map(known?.map(({ id, name }) => [id, name]));
    const say = t as unknown as Words['say'];
    return {
      say: (key, values) => say(key, values),
      purpose: (code) => say(`purpose.${code}`),
      nameOf: (id) => names.get(id) ?? '…',
      date: formatDate,
      list: (items, type = 'conjunction') => new Intl.ListFormat(i18n.language, { type }).format(items),
    };
  }, [t, i18n.language, known]);
}
