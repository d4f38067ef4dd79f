// Shows the source of a script where the page says so, so that what is shown is what runs.

for (const place of document.querySelectorAll('[data-of]')) {
  const response = await fetch(new URL(place.dataset.of, import.meta.url));
  place.textContent = (await response.text()).trim();
}
