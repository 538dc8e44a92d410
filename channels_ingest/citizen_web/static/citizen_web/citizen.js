// What the pages do better with JavaScript; each works without it.

/** One click, one request: the form is sent once, its button says so. */
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button) {
      button.setAttribute("aria-disabled", "true");
      if (button.dataset.busy) button.textContent = button.dataset.busy;
    }
  });
}

/** A page that comes back from the browser's memory can be sent again. */
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
  }
});

function copyText(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      copyBySelection(button.dataset.copy);
    }
    button.querySelector("span").textContent = button.dataset.done;
  });
}

/** For pages without https, where the clipboard is closed to scripts. */
function copyBySelection(text) {
  const box = document.createElement("textarea");
  box.value = text;
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}

function offerPrint(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/** Large type at once, so that nothing typed is lost by loading the page again. */
function largeType(form) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || !("largeToggle" in button.dataset)) return;
    event.preventDefault();
    const large = button.value === "on";
    const body = new FormData(form, button);
    await fetch(form.action, { method: "POST", body, redirect: "manual" });
    document.documentElement.dataset.large = large ? "on" : "off";
    button.value = large ? "off" : "on";
    const label = button.lastChild;
    [label.textContent, button.dataset.other] = [button.dataset.other, label.textContent];
  });
}

/** The device's position, when its owner gives it. */
function locate(field) {
  const [find, drop] = [field.querySelector("[data-locate]"), field.querySelector("[data-unlocate]")];
  const told = field.querySelector("[data-place-told]");
  const [lat, lng] = ["lat", "lng"].map((name) => field.querySelector(`[name=${name}]`));
  const show = (text) => {
    const here = lat.value !== "";
    find.hidden = here;
    drop.hidden = !here;
    told.textContent = text;
  };
  find.addEventListener("click", () => {
    told.textContent = field.dataset.seeking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        lat.value = coords.latitude.toFixed(6);
        lng.value = coords.longitude.toFixed(6);
        show(field.dataset.found);
      },
      () => show(field.dataset.refused),
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
  drop.addEventListener("click", () => {
    lat.value = lng.value = "";
    show("");
  });
  if ("geolocation" in navigator) show(lat.value ? field.dataset.found : "");
}

/** What was chosen, to be seen and taken out again. */
function previewFiles(field) {
  const input = field.querySelector("input[type=file]");
  const list = field.querySelector("[data-previews]");
  const chosen = new DataTransfer();
  field.dataset.enhanced = "";
  const draw = () => {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...[...chosen.files].map((file, index) => card(file, index)));
  };
  const card = (file, index) => {
    const item = document.createElement("li");
    const seen = document.createElement(file.type.startsWith("image/") ? "img" : "span");
    if (seen.tagName === "IMG") {
      seen.src = URL.createObjectURL(file);
      seen.alt = file.name;
    } else {
      seen.textContent = file.name;
    }
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "✕";
    remove.setAttribute("aria-label", `${field.dataset.remove} ${file.name}`);
    remove.addEventListener("click", () => {
      chosen.items.remove(index);
      input.files = chosen.files;
      draw();
    });
    item.append(seen, remove);
    return item;
  };
  input.addEventListener("change", () => {
    for (const file of input.files) chosen.items.add(file);
    input.files = chosen.files;
    draw();
  });
}

/** Answers that may fit what is typed so far; a slow or failed look-up changes nothing. */
function offerAnswers(place) {
  const form = place.closest("form");
  const box = form.querySelector("textarea");
  let timer = 0;
  let asked = null;
  const look = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(form);
    try {
      const answer = await fetch(place.dataset.offers, { method: "POST", body, signal: asked.signal });
      if (!answer.ok) return;
      place.innerHTML = await answer.text();
      place.hidden = place.childElementCount === 0;
    } catch (error) {
      if (error.name !== "AbortError") place.hidden = true;
    }
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    if (box.value.trim().length >= 6) timer = setTimeout(look, 600);
    else place.hidden = true;
  });
}

/** The number is being made: look again every few seconds. */
function lookAgain() {
  setTimeout(() => window.location.reload(), 4000);
}

const enhance = (selector, how) => document.querySelectorAll(selector).forEach(how);
enhance("form[data-once]", sendOnce);
enhance("[data-copy]", copyText);
enhance("[data-print]", offerPrint);
enhance("form[data-preferences]", largeType);
enhance("[data-place]", locate);
enhance("[data-files]", previewFiles);
enhance("[data-offers]", offerAnswers);
enhance("[data-look-again]", lookAgain);
document.querySelector("[role=alert][tabindex]")?.focus();
