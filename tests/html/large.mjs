// Writes a project of five models, five parties and 200 rows with Japanese
// words: what no page was made for.
//
//   node large.mjs FOLDER

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const write = (path, text) => {
  const full = join(folder, path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, text);
};

const models = ["saas", "dedicated", "byoc", "hybrid", "onprem"];
const names = ["共有クラウド（SaaS）", "専用クラウド", "お客様クラウド（BYOC）", "ハイブリッド構成", "オンプレミス"];
const parties = ["customer", "provider", "cloud", "partner", "auditor"];
const who = ["お客様", "株式会社クラウドサービス", "クラウド基盤事業者", "導入パートナー", "外部監査人"];
const kinds = ["customer", "provider", "third-party", "third-party", "third-party"];
const subjects = ["データの暗号化", "アクセス制御", "バックアップと復元", "脆弱性管理", "監査ログ", "ネットワーク分離", "インシデント対応", "変更管理", "鍵のローテーション", "事業継続計画"];
const tasks = ["設定を確認し、必要に応じて変更を申請する。", "手順書に従って作業を実施し、結果を記録する。", "四半期ごとに見直しを行い、関係者へ報告する。"];

write("book.toml", '[book]\ntitle = "責任共有モデル大全"\nlanguage = "ja"\nsrc = "content"\n\n[preprocessor.srm]\ncompare = ["saas..byoc", "saas..onprem"]\n');
write("content/srm.yaml", `schema: 1\nparties:\n${parties.map((id, at) => `  - {id: ${id}, kind: ${kinds[at]}, label: ${who[at]}}\n`).join("")}`);
models.forEach((id, at) => write(`content/models/${id}.md`, `---\nlabel: ${names[at]}\norder: ${at + 1}\n---\n${names[at]}で利用する場合の責任分担です。\n`));
for (let category = 0; category < 20; category += 1) {
  let text = `label: ${category + 1}章 ${subjects[category % 10]}に関する領域\norder: ${category + 1}\nrows:\n`;
  for (let row = 0; row < 10; row += 1) {
    const label = `${subjects[row]}（第${category * 10 + row + 1}項）`;
    text += `  - id: row-${category + 1}-${row + 1}\n    label: ${label}\n    models:\n`;
    models.forEach((model, at) => {
      // Every set of one to three parties comes up, by a fixed rule.
      const first = (category + row + at) % 5;
      const count = 1 + ((category * 7 + row * 3 + at) % 3);
      const set = [...new Set(Array.from({ length: count }, (_, n) => (first + n * (1 + (row % 2))) % 5))].sort();
      text += `      ${model}:\n        responsible: [${set.map((n) => parties[n]).join(", ")}]\n        tasks:\n`;
      for (const n of set) text += `          ${parties[n]}: ["${who[n]}が${tasks[(row + n) % 3]}", "${who[n]}は${label}について${tasks[(category + n + 1) % 3]}"]\n`;
    });
  }
  write(`content/categories/area-${category + 1}.yaml`, text);
}
