
// A chart as wide as its cell allows: panels give up width, words keep their size; what still does not fit can be scrolled.

// Each widget brings a Vega of its own, and each numbers its clips from 0: one page, one Vega, or charts cut each other.
const embed = (globalThis.cablelabEmbed ??= vegaEmbed);
const LEAST = 0.35; // of the panels' own width
const WIDE = 100; // pixels: narrower panels keep their width

function narrower(spec, part) {
    if (Array.isArray(spec)) return spec.map((child) => narrower(child, part));
    if (spec === null || typeof spec !== "object") return spec;
    const copy = { ...spec };
    if (copy.width >= WIDE) copy.width = Math.round(copy.width * part);
    for (const name of ["vconcat", "hconcat", "concat", "layer", "spec"]) if (name in copy) copy[name] = narrower(copy[name], part);
    return copy;
}

async function fitted(el, spec, options, again) {
    // vega-embed makes its element as wide as the drawing
    Object.assign(el.style, { display: "block", minWidth: "0", maxWidth: "100%", overflowX: "auto", visibility: "hidden" });
    try {
        return await drawn(el, spec, options, again);
    } finally {
        el.style.visibility = "";
    }
}

async function drawn(el, spec, options, again) {
    let api = await embed(el, spec, options);
    const width = () => Number(el.querySelector("svg.marks")?.getAttribute("width") ?? 0);
    const room = el.clientWidth;
    const whole = width();
    if (room && whole > room) {
        const redraw = async (part) => {
            api.finalize();
            api = await embed(el, narrower(spec, part), options);
        };
        // labels keep their width: how much the panels must give is found from a second drawing
        await redraw(0.5);
        await redraw(Math.max(LEAST, 1 - (whole - room) / (2 * Math.max(1, whole - width())) - 0.005));
    }
    const watch = new ResizeObserver(() => {
        const now = el.clientWidth;
        if (now && Math.abs(now - room) > 2 && Math.min(now, room || now) < whole) again();
    });
    watch.observe(el);
    const { finalize } = api;
    return Object.assign(api, { finalize: () => (watch.disconnect(), finalize.call(api)) });
}
