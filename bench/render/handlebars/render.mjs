// The message of ../src/main.rs, rendered by handlebars.js: the fastest of many rounds after a warm-up.
import Handlebars from "handlebars";

const source = `Hi {{customerName}}, your order #{{orderNumber}} is confirmed.
Total: \${{orderTotal}}
Estimated delivery: {{deliveryDate}}
Track: {{trackingLink}}`;
const values = {
    customerName: "Ada Lovelace",
    orderNumber: "A-1001",
    orderTotal: "49.90",
    deliveryDate: "Friday, November 27",
    trackingLink: "https://example.com/t/8f3k2",
};
const warmUpCalls = 20_000;
const rounds = 200;
const roundCalls = 2_000;

// Without escaping, which a text message has no use for.
const render = Handlebars.compile(source, { noEscape: true, knownHelpersOnly: true });
let length = 0;

function roundNs(calls) {
    const start = process.hrtime.bigint();
    for (let call = 0; call < calls; call += 1) length += render(values).length;
    return Number(process.hrtime.bigint() - start);
}

roundNs(warmUpCalls);
const fastest = Math.min(...Array.from({ length: rounds }, () => roundNs(roundCalls))) / roundCalls;
if (length === 0) throw new Error("nothing was rendered");
console.log(`handlebars.js    render ${fastest.toFixed(1).padStart(7)} ns`);
