import { useQuery } from '@tanstack/react-query';
import i18next, { type TFunction } from 'i18next';
import { loadApartTexts, type Lang } from './i18n.js';

/** Texts in a language that need not be the page's: what is read aloud or printed is in the person's. */
export function useSpoken(lang: Lang): TFunction<'spoken'> | null {
  const { data } = useQuery({
    queryKey: ['spoken', lang],
    queryFn: async () => {
      await loadApartTexts('spoken', lang);
      const t: TFunction<'spoken'> = i18next.getFixedT(lang, 'spoken');
      return { t };
    },
    staleTime: Infinity,
  });
  return data?.t ?? null;
}
