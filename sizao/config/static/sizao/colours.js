/* The colours of codes in every picture: curve, chains, map and badges agree. Chosen to differ in lightness too. */

export const classification = {
  confirmed: "#b5362f",
  probable: "#e6a03c",
  asymptomatic: "#5b3f94",
  suspected: "#3b87b0",
  not_classified: "#9aa6b2",
  discarded: "#d3dae2",
};

/* For code lists without colours of their own, in the order of the list. */
export const sequence = [
  "#0b5c7d", "#e6a03c", "#5b3f94", "#b5362f", "#2f8f6b", "#8a6d3b", "#3b87b0", "#c65f93", "#566371", "#a3b545", "#1b2530", "#9aa6b2",
];

export const ink = { text: "#1b2530", soft: "#566371", line: "#d3dae2", paper: "#ffffff", accent: "#0b5c7d" };
