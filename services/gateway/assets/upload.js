// Sends a large file in pieces, and goes on where it was when the connection breaks off. Without this script the form
// sends it whole.
(() => {
  "use strict";

  const PIECE = 8 << 20;
  const FIRST_PAUSE = 1000;
  const LONGEST_PAUSE = 30000;
  // Time without progress after which it is given up.
  const LONGEST_TRY = 600000;
  // A piece came late or twice, the upload is gone, or the server does not answer: trying again helps.
  const PASSING = [404, 408, 409, 500, 502, 503, 504];

  const form = document.getElementById("send");
  const sending = document.getElementById("sending");
  const failure = document.getElementById("send-failure");
  const token = { "X-Form-Token": form.elements.token.value };
  let upload = null;

  const pause = (time) => new Promise((done) => setTimeout(done, time));

  const call = async (path, method, headers, body) => {
    const response = await fetch(path, { method, headers: { ...token, ...headers }, body, redirect: "manual" });
    if (response.ok) return response;
    // The session has ended: the page says so.
    if (response.type === "opaqueredirect") location.reload();
    // It expired, or its server was restarted: it begins again.
    if (response.status === 404) upload = null;
    const problem = await response.json().catch(() => ({}));
    throw Object.assign(new Error(problem.detail ?? form.dataset.failed), { isFinal: !PASSING.includes(response.status) });
  };

  const begin = async (file) => {
    const query = new URLSearchParams({ guess: "true", fileName: file.name });
    const headers = { "Upload-Complete": "?0", "Upload-Length": file.size };
    const begun = await call(`${form.action}?${query}`, "POST", headers);
    upload = begun.headers.get("Location");
  };

  // Returns the path of the import, once the file is there.
  const send = async (file) => {
    let known = false, offset = 0, wait = FIRST_PAUSE, moved = Date.now();
    for (;;) {
      try {
        if (!upload) {
          await begin(file);
          [known, offset] = [true, 0];
        } else if (!known) {
          const { headers } = await call(upload, "HEAD");
          if (headers.get("Upload-Complete") === "?1") return headers.get("Location");
          [known, offset] = [true, Number(headers.get("Upload-Offset"))];
        }
        const end = Math.min(offset + PIECE, file.size);
        const isLast = end === file.size;
        const headers = { "Content-Type": "application/partial-upload", "Upload-Offset": offset, "Upload-Complete": isLast ? "?1" : "?0" };
        const sent = await call(upload, "PATCH", headers, file.slice(offset, end));
        if (isLast) return sent.headers.get("Location");
        [offset, wait, moved] = [end, FIRST_PAUSE, Date.now()];
        sending.querySelector("progress").value = offset / file.size;
      } catch (error) {
        if (error.isFinal || Date.now() - moved > LONGEST_TRY) throw error;
        known = false;
        await pause(wait);
        wait = Math.min(wait * 2, LONGEST_PAUSE);
      }
    }
  };

  form.addEventListener("submit", async (event) => {
    const [file] = form.elements.file.files;
    if (!file || file.size <= PIECE) return;
    event.preventDefault();
    const button = form.querySelector("button");
    [sending.hidden, failure.hidden, button.disabled] = [false, true, true];
    try {
      const done = await send(file);
      upload = null;
      location.assign(`/admin/import/${done.split("/").pop()}`);
    } catch (error) {
      [sending.hidden, failure.hidden, button.disabled] = [true, false, false];
      failure.textContent = error.isFinal === undefined ? form.dataset.failed : error.message;
    }
  });
  // Whoever leaves does not come back to it.
  addEventListener("pagehide", () => {
    if (upload) fetch(upload, { method: "DELETE", headers: token, keepalive: true });
  });
})();
