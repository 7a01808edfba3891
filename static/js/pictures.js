// A picture as PNG: its SVG drawn on a canvas at twice its size. Without this script the SVG itself is the download.
for (const link of document.querySelectorAll("a[data-png]")) {
  link.hidden = false;
  link.nextElementSibling.hidden = false;
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    const text = await (await fetch(link.href)).text();
    const [width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(text).slice(1).map(Number);
    const sized = text.replace("<svg ", `<svg width="${width * 2}" height="${height * 2}" `);
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(sized);
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * 2;
    canvas.height = height * 2;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0);
    const save = document.createElement("a");
    save.href = canvas.toDataURL("image/png");
    save.download = `${link.dataset.png}.png`;
    save.click();
  });
}
