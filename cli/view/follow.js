// Asks the server of this page for changes, and shows them.
// Parts that were unfolded stay so, and what has the focus keeps it.
(() => {
  const PAUSE_MILLISECONDS = 2000;
  const main = document.querySelector("main");
  let seen = "";

  function show(content) {
    const open = new Map();
    main.querySelectorAll("details").forEach((one) => open.set(one.id, one.open));
    const focused = document.activeElement && document.activeElement.id;
    main.innerHTML = content;
    main.querySelectorAll("details").forEach((one) => {
      if (open.has(one.id)) one.open = open.get(one.id);
    });
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  async function follow() {
    try {
      const answer = await fetch("content?seen=" + encodeURIComponent(seen));
      if (answer.status === 200) {
        seen = answer.headers.get("ETag") || "";
        show(await answer.text());
      }
      document.body.classList.remove("ended");
    } catch {
      document.body.classList.add("ended");
    }
    setTimeout(follow, PAUSE_MILLISECONDS);
  }

  follow();
})();
