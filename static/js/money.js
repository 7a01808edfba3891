/* Draws the money's way from the JSON beside it; the tables of the page say the same without it. */
(() => {
  "use strict";
  const figure = document.querySelector("[data-money-way]");
  const source = figure && document.getElementById(figure.dataset.moneyWay);
  if (!source || !window.d3 || !window.d3.sankey) return;

  const drawing = JSON.parse(source.textContent);
  const svg = figure.querySelector("svg");
  const SPACE = "http://www.w3.org/2000/svg";
  const WIDTH = 1000, HEAD = 28, GAP = 14;
  const most = Math.max(...drawing.stages.map((_, stage) => drawing.nodes.filter((node) => node.stage === stage).length));
  const height = HEAD + Math.max(320, most * 40);

  const add = (name, attributes, parent = svg) => {
    const made = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  };
  const text = (words, attributes) => { add("text", attributes).textContent = words; };
  const short = (words) => (words.length > 26 ? `${words.slice(0, 25)}…` : words);

  const stages = [...new Set(drawing.nodes.map((node) => node.stage))].sort();
  const graph = window.d3.sankey()
    .nodeId((node) => node.id)
    .nodeAlign((node) => stages.indexOf(node.stage))
    .nodeWidth(12)
    .nodePadding(GAP)
    .extent([[4, HEAD], [WIDTH - 4, height - 8]])({
      nodes: drawing.nodes.map((node) => ({ ...node })),
      links: drawing.links.map((link) => ({ ...link })),
    });

  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  const way = window.d3.sankeyLinkHorizontal();
  for (const link of graph.links) {
    const around = link.address ? add("a", { href: link.address, tabindex: "-1" }) : svg;
    const path = add("path", { d: way(link), "stroke-width": Math.max(1, link.width), class: "money-way__flow" }, around);
    add("title", {}, path).textContent = `${link.source.full} → ${link.target.full}: ${link.said}`;
  }
  for (const node of graph.nodes) {
    add("rect", {
      x: node.x0, y: node.y0, width: node.x1 - node.x0, height: Math.max(1, node.y1 - node.y0),
      class: `money-way__node money-way__node--${node.stage}`,
    });
    const isLast = node.stage === drawing.stages.length - 1;
    text(short(node.name), {
      x: isLast ? node.x0 - 6 : node.x1 + 6, y: (node.y0 + node.y1) / 2, dy: "0.35em",
      "text-anchor": isLast ? "end" : "start", class: "money-way__name",
    });
  }
  for (const stage of stages) {
    const first = graph.nodes.find((node) => node.stage === stage);
    const isLast = stage === drawing.stages.length - 1;
    text(drawing.stages[stage], {
      x: isLast ? first.x1 : first.x0, y: 16, "text-anchor": isLast ? "end" : "start", class: "money-way__stage",
    });
  }
  figure.hidden = false;
})();
