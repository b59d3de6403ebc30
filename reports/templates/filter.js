(() => {
  const box = document.getElementById("filter");
  const text = box.querySelector("input[type=search]"), wrong = box.querySelector("input[type=checkbox]");
  const said = box.querySelector("output");
  const rows = [...document.querySelectorAll("[data-row]")], groups = [...document.querySelectorAll("details.group")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  let before = null; // which groups were open when filtering began
  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean), active = words.length > 0 || wrong.checked;
    let shown = 0;
    rows.forEach((row, number) => {
      const out = (wrong.checked && row.dataset.row !== "wrong") || !words.every((word) => texts[number].includes(word));
      row.classList.toggle("out", out);
      shown += out ? 0 : 1;
    });
    if (active && !before) before = groups.map((group) => group.open);
    groups.forEach((group, number) => {
      const some = group.querySelector("[data-row]:not(.out)") !== null;
      group.classList.toggle("out", active && !some);
      group.open = active ? some : before ? before[number] : group.open;
    });
    if (!active) before = null;
    said.value = active ? said.dataset.say.replace("{shown}", shown).replace("{all}", rows.length) : "";
  };
  text.addEventListener("input", apply);
  wrong.addEventListener("change", apply);
  box.hidden = false;
})();
