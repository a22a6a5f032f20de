'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const root = document.documentElement;
  const input = byId('search'), panel = byId('panel'), list = byId('results'), count = byId('count');
  const outline = byId('outline'), menu = byId('menu');
  const narrow = matchMedia('(max-width: 860px)');
  root.classList.add('js');

  // The menu of narrow screens.
  const setMenu = (open) => {
    outline.classList.toggle('open', open);
    menu.setAttribute('aria-expanded', String(open));
  };
  setMenu(false);
  menu.setAttribute('role', 'button');
  menu.addEventListener('click', (e) => {
    e.preventDefault();
    setMenu(!outline.classList.contains('open'));
    if (outline.classList.contains('open')) outline.querySelector('a').focus();
  });
  menu.addEventListener('keydown', (e) => { if (e.key === ' ') { e.preventDefault(); menu.click(); } });
  outline.addEventListener('click', (e) => {
    const a = e.target.closest('a');
    if (!a) return;
    if (a.classList.contains('close')) { e.preventDefault(); menu.focus(); }
    if (narrow.matches) setMenu(false);
  });
  document.addEventListener('click', (e) => {
    if (!outline.contains(e.target) && !menu.contains(e.target)) setMenu(false);
    if (!panel.parentNode.contains(e.target)) close();
  });

  // The outline marks the section that the reader sees.
  const links = new Map();
  for (const a of outline.querySelectorAll('a[href^="#"]:not(.close)')) links.set(decodeURIComponent(a.hash.slice(1)), a);
  const places = [...document.querySelectorAll('main section[id]')].filter((s) => links.has(s.id));
  let here = null;
  const mark = () => {
    const top = root.scrollTop + 90;
    let low = 0, high = places.length;
    while (low < high) { // find the last section that starts above
      const mid = (low + high) >> 1;
      if (places[mid].getBoundingClientRect().top + root.scrollTop <= top) low = mid + 1; else high = mid;
    }
    const a = low > 0 ? links.get(places[low - 1].id) : null;
    if (a === here) return;
    if (here) { here.classList.remove('here'); here.removeAttribute('aria-current'); }
    here = a;
    if (!a) return;
    a.classList.add('here');
    a.setAttribute('aria-current', 'location');
    for (let d = a.closest('details'); d; d = d.parentElement.closest('details')) {
      if (d.querySelector('summary a') !== a) d.open = true;
    }
    const box = a.getBoundingClientRect(), frame = outline.getBoundingClientRect();
    if (box.height && (box.top < frame.top || box.bottom > frame.bottom)) outline.scrollTop += box.top - frame.top - frame.height / 3;
  };
  let waiting = false;
  addEventListener('scroll', () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();

  // The searchable items.
  const items = [...document.querySelectorAll('main [data-kind]')].map((el) => {
    const p = el.querySelector(':scope > .doc > p');
    const remark = p ? p.textContent.replace(/\s+/g, ' ').trim().slice(0, 200) : '';
    const d = el.dataset;
    return { el, kind: d.kind, name: d.name, path: d.path, remark, low: d.name.toLowerCase(),
      where: (d.path + '.' + d.name).toLowerCase(), text: remark.toLowerCase() };
  });
  const limit = 60;
  let shown = [], at = -1;

  // dotted scores queries such as fields.get or http/types.fields. All names must occur in order, and
  // the last one must match the name of the item.
  const dotted = (item, names) => {
    const last = names.pop();
    let from = 0;
    for (const n of names) {
      const i = item.where.indexOf(n, from);
      if (i < 0) return 0;
      from = i + n.length;
    }
    if (item.where.length - item.low.length < from) return 0;
    return item.low === last ? 90 : item.low.startsWith(last) ? 50 : item.low.includes(last) ? 20 : 0;
  };
  // score returns how well an item matches all words, or 0 if it does not.
  const score = (item, words) => {
    let sum = 0, points = 0;
    for (const w of words) {
      const i = item.low.indexOf(w);
      if (item.low === w) sum += 100;
      else if (i === 0) sum += 60;
      else if (i > 0) sum += item.low[i - 1] === '-' ? 40 : 25;
      else if (/[./]/.test(w) && (points = dotted(item, w.split(/[./]+/))) > 0) sum += points;
      else if (item.where.includes(w)) sum += 8;
      else if (item.text.includes(w)) sum += 4;
      else return 0;
    }
    if (['field', 'case', 'flag'].includes(item.kind)) sum -= 1;
    return sum;
  };

  const part = (tag, className, text) => {
    const e = document.createElement(tag);
    e.className = className;
    e.textContent = text;
    return e;
  };
  const marked = (text, words) => {
    const e = part('span', 'name', '');
    const low = text.toLowerCase();
    const w = words.find((w) => low.includes(w));
    if (!w) { e.textContent = text; return e; }
    const i = low.indexOf(w);
    e.append(text.slice(0, i), part('mark', '', text.slice(i, i + w.length)), text.slice(i + w.length));
    return e;
  };

  const close = () => {
    panel.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const select = (i) => {
    if (!shown.length) return;
    if (at >= 0 && list.children[at]) list.children[at].setAttribute('aria-selected', 'false');
    at = (i + shown.length) % shown.length;
    const li = list.children[at];
    li.setAttribute('aria-selected', 'true');
    li.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', li.id);
  };
  const go = (item) => {
    close();
    input.blur();
    if (decodeURIComponent(location.hash.slice(1)) === item.el.id) item.el.scrollIntoView();
    location.hash = item.el.id;
    item.el.tabIndex = -1;
    item.el.focus({ preventScroll: true });
  };
  const search = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    at = -1;
    list.textContent = '';
    if (!words.length) { shown = []; close(); return; }
    const found = items.map((item, order) => ({ item, order, points: score(item, words) })).filter((f) => f.points > 0);
    found.sort((a, b) => b.points - a.points || a.item.name.length - b.item.name.length || a.order - b.order);
    shown = found.slice(0, limit).map((f) => f.item);
    shown.forEach((item, i) => {
      const li = document.createElement('li');
      li.id = 'result-' + i;
      li.setAttribute('role', 'option');
      li.setAttribute('aria-selected', 'false');
      const line = part('div', 'line', '');
      line.append(part('span', 'kind', item.kind), marked(item.name, words), part('span', 'path', item.path));
      li.append(line);
      if (item.remark) li.append(part('span', 'remark', item.remark));
      li.addEventListener('click', () => go(item));
      list.append(li);
    });
    count.textContent = found.length === 0 ? 'Nothing found' : found.length === 1 ? '1 result'
      : found.length + ' results' + (found.length > limit ? ', the best ' + limit + ' shown' : '');
    panel.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    if (shown.length) select(0);
  };
  input.addEventListener('input', search);
  input.addEventListener('focus', () => { if (input.value) search(); });
  input.addEventListener('keydown', (e) => {
    if (e.isComposing) return;
    if (e.key === 'ArrowDown') select(at + 1);
    else if (e.key === 'ArrowUp') select(at - 1);
    else if (e.key === 'Enter') { if (at >= 0 && shown[at]) go(shown[at]); }
    else if (e.key === 'Escape') { if (panel.hidden) input.value = ''; close(); }
    else return;
    e.preventDefault();
  });
  document.addEventListener('keydown', (e) => {
    if (e.key === 'Escape' && outline.classList.contains('open')) { setMenu(false); menu.focus(); }
    const typing = e.target.closest && e.target.closest('input, textarea, select, [contenteditable]');
    if (e.key === '/' && !typing && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); input.focus(); input.select(); }
  });
})();
