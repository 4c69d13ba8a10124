"use strict";
// Each slider moves its strip of pictures and says what was answered there.
for (const figure of document.querySelectorAll(".walk")) {
  const steps = JSON.parse(figure.dataset.steps);
  const image = figure.querySelector("img");
  const input = figure.querySelector("input");
  const output = figure.querySelector("output");
  const show = () => {
    const [label, answer, wrong] = steps[input.value];
    image.style.setProperty("--step", input.value);
    output.querySelector("b").textContent = label;
    output.querySelector("span").textContent = answer;
    output.classList.toggle("wrong", wrong === 1);
    input.setAttribute("aria-valuetext", `${label}: ${answer}`);
  };
  input.addEventListener("input", show);
  show();
}
