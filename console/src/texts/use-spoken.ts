import { useQuery } from '@tanstack/react-query';
import i18next, { type TFunction } from 'i18next';
import { loadTexts, type Lang } from './i18n.js';

/** Texts in a language that need not be the page's: what is read aloud or printed is in the person's. */
export function useSpoken(lang: Lang): TFunction | null {
  const { data } = useQuery({
    queryKey: ['texts', lang],
    queryFn: async () => {
      await loadTexts(lang);
      const t: TFunction = i18next.getFixedT(lang);
      return { t };
    },
    staleTime: Infinity,
  });
  return data?.t ?? null;
}
