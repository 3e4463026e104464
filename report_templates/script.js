"use strict";
(() => {
  // Everything on the page works without this; it adds sorting, filtering and opening at once.
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const reveal = (hash) => {
    const target = hash.length > 1 && document.getElementById(hash.slice(1));
    if (!target) return;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) {
      box.open = true;
    }
    target.scrollIntoView();
  };

  addEventListener("hashchange", () => reveal(location.hash));
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) reveal(link.hash);
  });
  reveal(location.hash);

  const valueOf = (row, column) => {
    const cell = row.cells[column];
    const time = cell.querySelector("time");
    const text = cell.dataset.value ?? (time ? time.dateTime : cell.textContent.trim());
    return text === "–" ? "" : text.replace(/(\d),(?=\d{3})/g, "$1");
  };

  const compare = (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    const difference = Number(a) - Number(b);
    return Number.isNaN(difference) ? a.localeCompare(b, "en", { numeric: true }) : difference;
  };

  const sort = (table, header, column) => {
    const down = header.getAttribute("aria-sort") === "ascending";
    all("thead th", table).forEach((each) => each.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row, column), row]);
    rows.sort(([a], [b]) => (a === "" || b === "" || !down ? compare(a, b) : compare(b, a)));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };

  const addSort = (table) => {
    all("thead th", table).forEach((header, column) => {
      const button = make("button", { type: "button", className: "sort" }, ...header.childNodes);
      button.addEventListener("click", () => sort(table, header, column));
      header.append(button);
    });
  };

  const addFilter = (table) => {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < 8) return;
    const input = make("input", { type: "search" });
    const status = make("span", { className: "found" });
    status.setAttribute("role", "status");
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      rows.forEach((row) => {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
      });
      const found = rows.filter((row) => !row.hidden).length;
      status.textContent = wanted ? `${found} of the ${rows.length} rows here` : "";
    });
    const label = make("label", {}, "Filter these rows ", input);
    table.closest(".scroll").before(make("p", { className: "filter" }, label, status));
  };

  all("table.sortable").forEach((table) => {
    addSort(table);
    addFilter(table);
  });

  all("[data-opens]").forEach((place) => {
    const boxes = all(`${place.dataset.opens} > details`);
    if (boxes.length < 2) return;
    const button = make("button", { type: "button", className: "all" });
    const tell = () => {
      button.textContent = boxes.every((box) => box.open) ? "Close all" : "Open all";
    };
    button.addEventListener("click", () => {
      const open = !boxes.every((box) => box.open);
      boxes.forEach((box) => {
        box.open = open;
      });
    });
    boxes.forEach((box) => box.addEventListener("toggle", tell));
    tell();
    place.append(button);
  });

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    closed.forEach((box) => {
      box.open = true;
    });
  });
  addEventListener("afterprint", () => {
    closed.forEach((box) => {
      box.open = false;
    });
  });
})();
