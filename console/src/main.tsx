import './mantine-styles.js';
import './console.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.js';
import { startTexts } from './texts/i18n.js';

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const root = document.getElementById('root');
if (root !== null) void startTexts().then(() => createRoot(root).render(<App nonce={nonce} />));
