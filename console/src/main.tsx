import './style/colours.css';
import './style/base.css';
import './style/controls.css';
import './style/shell.css';
import './style/queue.css';
import './style/case.css';
import './style/finding.css';
import './style/pages.css';
import './style/opened.css';
import { render } from 'preact';
import { resume } from './session/session';
import { App } from './shell/app';
import { followLinks } from './shell/location';
import { listenToKeyboard } from './shell/shortcuts';
import { applyTheme, watchSystemTheme } from './shell/theme';
import { startClock } from './words/time';

applyTheme();
watchSystemTheme();
followLinks();
listenToKeyboard();
startClock();
void resume();

const root = document.getElementById('console');
if (root) render(<App />, root);
