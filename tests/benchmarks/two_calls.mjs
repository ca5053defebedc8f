// What `smoke` asks, by node's own fetch: the list of models, then one chat.
const [base, variable] = process.argv.slice(2);
const headers = { authorization: `Bearer ${process.env[variable]}` };
const listed = await (await fetch(`${base}/models`, { headers })).json();
const answer = await (
  await fetch(`${base}/chat/completions`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({
      model: listed.data[0].id,
      messages: [{ role: "user", content: "Reply with OK" }],
      max_tokens: 64,
    }),
  })
).json();
console.log(answer.choices[0].message.content);
