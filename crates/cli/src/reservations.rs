//! `catctl reserve`, `reservation`, `commit` and `release`: stock reservations.

use std::time::Duration;

use anyhow::Result;
use proto::catalogue::v1::{
    CommitReservationRequest, GetReservationRequest, ReleaseReservationRequest, Reservation,
    ReservationLine, ReserveStockRequest, reservation::State,
};

use crate::{
    client::Client,
    exit::Kind,
    output::{Output, format_time, print_line, print_value, sanitize},
    write_args::{RequestIdArg, WriteArgs},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  catctl reserve 1399=2 kettle=1         two of one product and one of another, or nothing
  catctl reserve --sku mug-blue=1 --ttl 2m
  catctl reservation RESERVATION         what it holds, and until when
  catctl commit RESERVATION              the items are sold
  catctl release RESERVATION             the items return to the stock

Only what is for sale can be reserved: no drafts, no archived or deleted products. A reservation that
is not committed in time expires, and its items return to the stock.")]
pub(crate) struct Reserve {
    /// Quantity of a product without variants
    #[arg(value_name = "ID=N", value_parser = quantity)]
    products: Vec<(String, i32)>,
    /// Quantity of a variant; can be repeated
    #[arg(long, value_name = "SKU=N", value_parser = quantity)]
    sku: Vec<(String, i32)>,
    /// Time until it expires, such as 90s or 15m; at most a day [default: 15m]
    #[arg(long, value_name = "TIME", value_parser = crate::duration::duration)]
    ttl: Option<Duration>,
    #[command(flatten)]
    write: WriteArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Reservation id, printed by `catctl reserve`
    reservation: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReservationArgs {
    /// Reservation id, printed by `catctl reserve`
    reservation: String,
    #[command(flatten)]
    request_id: RequestIdArg,
}

pub(crate) async fn reserve(args: Reserve, client: &Client, output: Output) -> Result<()> {
    let products = args.products.into_iter().map(|(product_id, quantity)| ReservationLine {
        product_id,
        quantity,
        ..Default::default()
    });
    let skus = args.sku.into_iter().map(|(sku, quantity)| ReservationLine {
        sku,
        quantity,
        ..Default::default()
    });
    let lines: Vec<_> = products.chain(skus).collect();
    if lines.is_empty() {
        let message = "nothing to reserve; example: catctl reserve 1399=2, or --sku mug-blue=1";
        return Err(Kind::Usage.error(message));
    }
    let request = ReserveStockRequest {
        lines,
        ttl: args.ttl.map(pbjson_types::Duration::from),
        request_id: args.write.request_id(),
        validate_only: args.write.validate_only,
    };
    let call = || async { client.stock().reserve_stock(request.clone()).await };
    let reservation = client.write(&request.request_id, call).await?;
    args.write.warn_if_not_applied();
    print_reservation(&reservation, output)
}

pub(crate) async fn show(args: Show, client: &Client, output: Output) -> Result<()> {
    let request = GetReservationRequest { reservation_id: args.reservation };
    let reservation = client.call(client.stock().get_reservation(request)).await?;
    print_reservation(&reservation, output)
}

pub(crate) async fn commit(args: ReservationArgs, client: &Client, output: Output) -> Result<()> {
    let request = CommitReservationRequest {
        reservation_id: args.reservation,
        request_id: args.request_id.get_or_generate(),
    };
    let call = || async { client.stock().commit_reservation(request.clone()).await };
    print_reservation(&client.write(&request.request_id, call).await?, output)
}

pub(crate) async fn release(args: ReservationArgs, client: &Client, output: Output) -> Result<()> {
    let request = ReleaseReservationRequest {
        reservation_id: args.reservation,
        request_id: args.request_id.get_or_generate(),
    };
    let call = || async { client.stock().release_reservation(request.clone()).await };
    print_reservation(&client.write(&request.request_id, call).await?, output)
}

fn print_reservation(reservation: &Reservation, output: Output) -> Result<()> {
    print_value(output, reservation, || {
        let until = reservation.expire_time.as_ref().map(format_time).unwrap_or_default();
        let state = match reservation.state() {
            State::Unspecified => "reserved".to_owned(),
            State::Held => format!("held until {until} UTC"),
            State::Committed => "committed".to_owned(),
            State::Released => "released".to_owned(),
            State::Expired => format!("expired at {until} UTC"),
        };
        format!("{}: {state}", reservation.id)
    })?;
    if output == Output::Table {
        for line in &reservation.lines {
            let sku = if line.sku.is_empty() { "" } else { " " };
            let name = format!("{}{sku}{}", line.product_id, line.sku);
            print_line(&sanitize(&format!("  {} of {}", line.quantity, name.trim_start())))?;
        }
    }
    Ok(())
}

/// Parses `ID=N`.
fn quantity(text: &str) -> Result<(String, i32), String> {
    let parts = text.rsplit_once('=').map(|(name, number)| (name, number.parse::<i32>()));
    match parts {
        Some((name, Ok(number))) if !name.is_empty() && number > 0 => Ok((name.to_owned(), number)),
        _ => Err("must be an id and a quantity, such as mug-blue=2".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_a_name_and_a_number() {
        assert_eq!(quantity("mug=2"), Ok(("mug".to_owned(), 2)));
        for wrong in ["mug", "=2", "mug=0", "mug=-1", "mug=x", "mug=99999999999"] {
            assert!(quantity(wrong).is_err(), "{wrong}");
        }
    }
}
