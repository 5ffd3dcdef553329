-- Documents

-- ordinary

-- srm:begin detail model=saas row=ordinary
Table 2. Who does what in SaaS

| Category | Responsibility | Example Inc. (operator) | Customer |
| --- | --- | --- | --- |
| [Texts](https://docs.example.com/responsibility/categories/texts.html) | [Ordinary text, 100 % of it](https://docs.example.com/responsibility/categories/texts.html#ordinary)<br>**Shared (Customer + Example Inc.)** | • Write **bold**, *slanted* and `code`\: "it's" done.<br>• Mind a\_b, #1, 2 \* 3 and $x^2$! | • Keep A & B apart; a = b (always).<br>• See [the handbook](https://example.com/a_b?c=d&e=f) and [keys](https://docs.example.com/responsibility/categories/data.html#encryption-at-rest). |
-- srm:end sum=ca36dcdf3d

-- totals

-- srm:begin totals
Responsibilities by owner

| Deployment model | Customer | Shared | Provider | Third party | By agreement | Not applicable | Unassigned | Not listed |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| [SaaS](https://docs.example.com/responsibility/models/saas.html) | 8 | 1 | 2 | 1 | 1 | 0 | 0 | 1 |
| [BYOC](https://docs.example.com/responsibility/models/byoc.html) | 9 | 3 | 0 | 1 | 0 | 1 | 0 | 0 |
| [On premises](https://docs.example.com/responsibility/models/on-premises.html) | 9 | 1 | 0 | 0 | 0 | 0 | 1 | 3 |
-- srm:end sum=72f31304c0

