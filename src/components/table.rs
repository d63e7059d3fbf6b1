//! Tables with a caption and column heads.

use leptos::prelude::*;

/// A table that scrolls sideways where it does not fit. `children` are the rows; cells of numbers have the class
/// `number`.
#[component]
pub fn Table<N>(
    /// Says what the table holds; read out, not shown.
    #[prop(into)]
    caption: String,
    /// The columns, and whether they hold numbers.
    columns: Vec<(N, bool)>,
    /// Whether rows become blocks on narrow screens. Each cell then has the name of its column as `data-label`.
    #[prop(optional)]
    blocks: bool,
    children: Children,
) -> impl IntoView
where
    N: Into<String> + 'static,
{
    let name = caption.clone();
    view! {
        <div class="table" class:blocks=blocks role="region" aria-label=name tabindex="0">
            <table>
                <caption class="unseen">{caption}</caption>
                <thead>
                    <tr>
                        {columns
                            .into_iter()
                            .map(|(name, number)| {
                                view! {
                                    <th scope="col" class:number=number>
                                        {name.into()}
                                    </th>
                                }
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
